"""What the parameters of a file's functions may be: arrays, lists, dictionaries, an object, or the module's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainrule.gradcheck.program.names import PARAMETER_ROLES, Meaning, SizeRole, l2_name, meaning, size_role
from chainrule.gradcheck.program.signatures import Definitions, Function
from chainrule.gradcheck.recognition.conventions import (
    CLASSES,
    HIDDEN,
    INPUTS,
    L2,
    WIDTHS,
    Convention,
    of_layer,
    parameter,
)

_SIZES: Mapping[SizeRole, str] = {
    "input size": str(INPUTS),
    "hidden size": str(HIDDEN),
    "output size": str(CLASSES),
    "widths": str([INPUTS, HIDDEN, CLASSES]),
    "rng": "rng",
    "seed": "0",
}
"""What a constructor gets for its sizes."""


@dataclass(frozen=True)
class ParameterSet:
    """The parameters as an adapter writes them.

    Attributes:
        values: expressions by name: one for each parameter, or one for a container or object of them all.
        whole: it is one for all.
        kept: the functions read the parameters from the module.
    """

    values: Mapping[str, str]
    whole: bool = False
    kept: bool = False


def parameter_sets(
    file: Definitions, functions: Sequence[Function], convention: Convention, values: Mapping[str, Any]
) -> Iterator[ParameterSet]:
    """What the parameters may be, the likely first.

    Args:
        file: the file's functions.
        functions: those that are to be called, the cost first.
        convention: of the arrays.
        values: arrays and lists of the module, by name.
    """
    if functions[0].owner:
        yield from _objects("net", [file.constructors[functions[0].owner]], convention)
        return
    arguments = list(dict.fromkeys(a.name for f in functions for a in f.arguments))
    parameters = [name for name in arguments if meaning(name).role in PARAMETER_ROLES]
    containers = [name for name in arguments if meaning(name).role == "bundle"]
    used = {name for function in file.functions for name in function.uses}
    kept = [name for name in values if name in used and meaning(name).role in PARAMETER_ROLES]
    if containers:
        yield from _containers(file, containers, convention)
    elif parameters:
        yield from separate(_distinct(parameters), convention, (1, 2, 3))
    elif "p" in arguments:
        # Beside other parameters it would be the probabilities.
        yield from _containers(file, ["p"], convention)
    elif kept:
        depths = (2, 3) if any(isinstance(values[name], list | tuple) for name in kept) else (1,)
        yield from (replace(given, kept=True) for given in separate(kept, convention, depths))


def _distinct(names: list[str]) -> list[str]:
    """One name for each meaning: ``W`` of the cost and ``weights`` of the gradient are the same."""
    return list({meaning(name): name for name in reversed(names)}.values())[::-1]


def separate(names: Iterable[str], convention: Convention, depths: Sequence[int]) -> Iterator[ParameterSet]:
    """Arguments of their own; where their names count no layers, nets of these depths."""
    meanings = _from_one({name: meaning(name) for name in names})
    for layers in _depths(meanings, depths):
        yield ParameterSet({name: parameter(m, layers, convention) for name, m in meanings.items()})


def _objects(name: str, constructors: Iterable[Function], convention: Convention) -> Iterator[ParameterSet]:
    """Objects made from the sizes or the parameters that a constructor asks for; none where it asks for more."""
    for constructor in constructors:
        meanings = _from_one({argument.name: meaning(argument.name) for argument in constructor.arguments})
        given: dict[str, str] = {}
        l2 = l2_name(argument.name for argument in constructor.arguments)
        for argument in constructor.arguments:
            size = size_role(argument.name)
            if size is not None:
                given[argument.name] = _SIZES[size]
            elif meanings[argument.name].role == "l2" and (argument.required or argument.name == l2):
                given[argument.name] = L2
            elif meanings[argument.name].role in PARAMETER_ROLES:
                depth = next(iter(_depths(meanings, (1,))), 1)
                given[argument.name] = parameter(meanings[argument.name], depth, convention)
            elif argument.required:
                break
        else:
            arguments = ", ".join(f"{key}={value}" for key, value in given.items())
            yield ParameterSet({name: f"{constructor.owner}({arguments})"}, whole=True)


def _containers(file: Definitions, names: list[str], convention: Convention) -> Iterator[ParameterSet]:
    """A dictionary, a list or an object: keys are looked up under any of the names that it goes by."""
    aliases = {a.name for f in file.functions for a in f.arguments if meaning(a.name).role == "bundle"} | {
        *names
    }
    entries = _entries(file, aliases)
    inner = _entries(file, {f"{name}[]" for name in aliases} | {"layer", "l"})
    if entries:
        expressions = _dictionaries(entries, convention)
    elif inner:
        expressions = [_list_of_dictionaries(inner, layers, convention) for layers in (2, 3, 1)]
    else:
        yield from _objects(names[0], file.constructors.values(), convention)
        expressions = _lists(convention)
    yield from (ParameterSet({names[0]: expression}, whole=True) for expression in expressions)


def _entries(file: Definitions, names: set[str]) -> dict[str, Meaning]:
    """The keys of parameters by which something of these names is looked up, weights first."""
    keys = [key for f in file.functions for name, keys in f.keys.items() if name in names for key in keys]
    meanings = {key: meaning(key.rstrip("#")) for key in keys}
    return _from_one({k: m for role in PARAMETER_ROLES for k, m in meanings.items() if m.role == role})


def _from_one(meanings: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """The same with layers counted from 1; where some are counted, what counts none is of the first layer."""
    counted = [m.layer for m in meanings.values() if m.layer is not None]
    shift, first = (1 if 0 in counted else 0), (1 if counted else None)
    return {
        name: Meaning(m.role, first if m.layer is None else m.layer + shift) for name, m in meanings.items()
    }


def _depths(meanings: Mapping[str, Meaning], otherwise: Sequence[int]) -> list[int]:
    """How many layers the names count; where they count none, ``otherwise``."""
    counted = [m.layer for m in meanings.values() if m.layer is not None]
    return [layers for layers in ([max(counted)] if counted else otherwise) if layers in WIDTHS]


def _dictionaries(entries: Mapping[str, Meaning], convention: Convention) -> list[str]:
    """Dictionaries of arrays by counted names, or of lists; ``W#`` stands for W1, W2, ..."""
    open_ended = any(name.endswith("#") for name in entries)
    return [
        _dictionary(item for name, m in entries.items() for item in _items(name, m, layers, convention))
        for layers in ((2, 3) if open_ended else _depths(entries, (2, 3, 1)))
    ]


def _items(name: str, what: Meaning, layers: int, convention: Convention) -> Iterator[tuple[str, str]]:
    if not name.endswith("#"):
        yield name, parameter(what, layers, convention)
        return
    for index in range(layers - (what.role in ("scale", "shift"))):
        yield f"{name[:-1]}{index + 1}", of_layer(what.role, index, layers, convention)


def _list_of_dictionaries(entries: Mapping[str, Meaning], layers: int, convention: Convention) -> str:
    def layer(index: int) -> str:
        mine = {k: m for k, m in entries.items() if index < layers - 1 or m.role in ("weights", "bias")}
        return _dictionary((k, of_layer(m.role, index, layers, convention)) for k, m in mine.items())

    return _list(layer(index) for index in range(layers))


def _lists(convention: Convention) -> list[str]:
    """[W1, b1, W2, b2], [[W1, W2], [b1, b2]], [[W1, b1], [W2, b2]], [W1, W2] and W."""

    def pairs(layers: int) -> list[list[str]]:
        return [
            [of_layer(role, i, layers, convention) for role in ("weights", "bias")] for i in range(layers)
        ]

    return [
        *(_list(value for pair in pairs(layers) for value in pair) for layers in (1, 2, 3)),
        *(_list(map(_list, zip(*pairs(layers), strict=True))) for layers in (2, 3)),
        *(_list(map(_list, pairs(layers))) for layers in (1, 2, 3)),
        *(_list(weights for weights, _ in pairs(layers)) for layers in (1, 2, 3)),
        of_layer("weights", 0, 1, convention),
    ]


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(values)}]"


def _dictionary(items: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f'"{key}": {value}' for key, value in items) + "}"
