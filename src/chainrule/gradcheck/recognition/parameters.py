"""What the parameters of a file's functions may be: arrays, lists, dictionaries, an object, or the module's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    Meaning,
    SizeRole,
    l2_name,
    meaning,
    size_role,
    training_setting,
)
from chainrule.gradcheck.program.signatures import Definitions, Function
from chainrule.gradcheck.recognition.conventions import (
    CLASSES,
    HIDDEN,
    INPUTS,
    L2,
    WIDTHS,
    Convention,
    drawn_labels,
    inputs,
    of_layer,
    parameter,
)

SIZES: Mapping[SizeRole, str] = {
    "input size": str(INPUTS),
    "hidden size": str(HIDDEN),
    "output size": str(CLASSES),
    "widths": str([INPUTS, HIDDEN, CLASSES]),
    "rng": "rng",
    "seed": "0",
    "input channels": "3",
    "output channels": "4",
    "kernel": "3",
    "stride": "1",
    "padding": "1",
}
"""What a constructor gets for its sizes."""


NET = "net"
"""What an object whose methods are called is called in an adapter."""


@dataclass(frozen=True)
class ParameterSet:
    """The parameters as an adapter writes them.

    Attributes:
        values: expressions by name: one for each parameter, or one for a container or object of them all.
        whole: it is one for all.
        kept: the functions read the parameters from the module.
        keys: by which the parameters are looked up where they are in one dictionary.
        net: the expression that makes the object whose methods take the parameters as arguments; empty where there is
            none, or where it holds them itself.
        held: what else is put on that object once, by attribute.
        put: its attributes that are given values before each call: parameters, and data.
        before: its methods that are called then, as others need what they leave on it.
    """

    values: Mapping[str, str]
    whole: bool = False
    kept: bool = False
    keys: tuple[str, ...] = ()
    net: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    put: tuple[str, ...] = ()
    before: tuple[Function, ...] = ()


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
    owner = functions[0].owner
    if owner:
        yield from _of_object(file, functions, convention)
        return
    arguments = list(dict.fromkeys(a.name for f in functions for a in f.arguments))
    parameters = [name for name in arguments if meaning(name).role in PARAMETER_ROLES]
    containers = [name for name in arguments if meaning(name).role == "bundle"]
    used = {name for function in file.functions for name in function.uses}
    kept = [name for name in values if name in used and meaning(name).role in PARAMETER_ROLES]
    if containers:
        yield from _containers(file, functions, containers, convention)
    elif parameters:
        yield from separate(distinct(parameters), convention, (1, 2, 3))
    elif "p" in arguments:
        # Beside other parameters it would be the probabilities.
        yield from _containers(file, functions, ["p"], convention)
    elif kept:
        depths = (2, 3) if any(isinstance(values[name], list | tuple) for name in kept) else (1,)
        yield from (replace(given, kept=True) for given in separate(kept, convention, depths))


def _of_object(
    file: Definitions, functions: Sequence[Function], convention: Convention
) -> Iterator[ParameterSet]:
    """Those that an object holds, or that its methods take."""
    made = list(objects(NET, [file.constructors[functions[0].owner]], convention, file))
    taken = [
        a.name
        for f in functions
        for a in f.arguments
        if a.required and meaning(a.name).role in PARAMETER_ROLES
    ]
    containers = [
        a.name for f in functions for a in f.arguments if a.required and meaning(a.name).role == "bundle"
    ]
    if containers:
        for net in made:
            held = _containers(file, functions, list(dict.fromkeys(containers)), convention)
            yield from (replace(given, net=net.values[NET]) for given in held)
    if taken:
        for net in made:
            apart = separate(distinct(list(dict.fromkeys(taken))), convention, (1, 2, 3))
            yield from (replace(given, net=net.values[NET]) for given in apart)
    yield from made


def distinct(names: list[str]) -> list[str]:
    """One name for each meaning: ``W`` of the cost and ``weights`` of the gradient are the same."""
    return list({meaning(name): name for name in reversed(names)}.values())[::-1]


def separate(names: Iterable[str], convention: Convention, depths: Sequence[int]) -> Iterator[ParameterSet]:
    """Arguments of their own; where their names count no layers, nets of these depths."""
    meanings = _from_one({name: meaning(name) for name in names})
    for layers in _depths(meanings, depths):
        yield ParameterSet({name: parameter(m, layers, convention) for name, m in meanings.items()})


def objects(
    name: str, constructors: Iterable[Function], convention: Convention, file: Definitions
) -> Iterator[ParameterSet]:
    """Objects made from what a constructor asks for: sizes, parameters, data, and what the file itself gives it; none
    where it asks for more."""
    for constructor in constructors:
        try:
            arguments = ", ".join(f"{key}={value}" for key, value in _given(constructor, convention, file))
        except CannotMakeError:
            continue
        yield ParameterSet({name: f"{constructor.owner}({arguments})"}, whole=True)


class CannotMakeError(Exception):
    """An argument of a constructor whose meaning is not known."""


def _given(constructor: Function, convention: Convention, file: Definitions) -> Iterator[tuple[str, str]]:
    """What each argument of a constructor gets; nothing where its default will do."""
    meanings = _from_one({argument.name: meaning(argument.name) for argument in constructor.arguments})
    l2 = l2_name(argument.name for argument in constructor.arguments)
    sized = any(size_role(argument.name) for argument in constructor.arguments)
    for argument in constructor.arguments:
        role, size = meanings[argument.name].role, size_role(argument.name)
        seen = [h.constant for h in file.handed.get((constructor.owner, argument.name), ()) if h.constant]
        if size is not None:
            yield argument.name, SIZES[size]
        elif role == "l2" and (argument.required or argument.name == l2):
            yield argument.name, L2
        elif role in PARAMETER_ROLES and (argument.required or not sized):
            depth = next(iter(_depths(meanings, (1,))), 1)
            yield argument.name, parameter(meanings[argument.name], depth, convention)
        elif not argument.required:
            continue
        elif role == "inputs":
            yield argument.name, inputs(convention)
        elif role == "labels":
            yield argument.name, drawn_labels(convention, file.numpy or "np")
        elif seen:
            yield argument.name, seen[0]
        elif (setting := training_setting(argument.name)) is not None:
            yield argument.name, setting
        else:
            raise CannotMakeError(argument.name)


def _containers(
    file: Definitions, functions: Sequence[Function], names: list[str], convention: Convention
) -> Iterator[ParameterSet]:
    """A dictionary, a list or an object: keys are looked up under any of the names that it goes by."""
    used = file.used(functions)
    aliases = {a.name for f in used for a in f.arguments if meaning(a.name).role == "bundle"} | {*names}
    entries = _entries(used, aliases) or _entries(file.functions, aliases)
    inner = _entries(file.functions, {f"{name}[]" for name in aliases} | {"layer", "l"})
    if entries:
        expressions = _dictionaries(entries, convention)
    elif inner:
        expressions = [_list_of_dictionaries(inner, layers, convention) for layers in (2, 3, 1)]
    else:
        yield from objects(names[0], file.constructors.values(), convention, file)
        expressions = _lists(convention)
    yield from (
        ParameterSet({names[0]: expression}, whole=True, keys=tuple(entries)) for expression in expressions
    )


def _entries(functions: Iterable[Function], names: set[str]) -> dict[str, Meaning]:
    """The keys of parameters by which something of these names is looked up, weights first."""
    keys = [key for f in functions for name, keys in f.keys.items() if name in names for key in keys]
    open_ended = {key[:-1] for key in keys if key.endswith("#")}
    closed = (key for key in keys if key.rstrip("0123456789") not in open_ended or key.endswith("#"))
    meanings = {key: meaning(key.rstrip("#")) for key in closed}
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
