"""What the parameters of a file's functions may be: arrays, lists, dictionaries, an object, or the module's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    SizeRole,
    l2_name,
    meaning,
    size_role,
    training_setting,
)
from chainrule.gradcheck.program.signatures import Definitions, Function
from chainrule.gradcheck.recognition.containers import (
    LAYERS_MADE,
    ParameterSet,
    depths_of,
    dictionaries,
    entries_of,
    from_one,
    lists,
    lists_of_dictionaries,
)
from chainrule.gradcheck.recognition.conventions import (
    L2,
    USUAL_SIZES,
    Convention,
    Sizes,
    drawn_labels,
    every_layer,
    inputs,
    parameter,
)
from chainrule.gradcheck.recognition.penalties import squares_of_arguments

NET = "net"
"""What an object whose methods are called is called in an adapter."""


def size_of(role: SizeRole, sizes: Sizes = USUAL_SIZES) -> str:
    """What a constructor gets for a size."""
    values = {
        "input size": sizes.inputs,
        "hidden size": sizes.hidden,
        "output size": sizes.classes,
        "widths": [*sizes.widths(LAYERS_MADE)],
        "rng": "rng",
        "seed": 0,
        "input channels": 3,
        "output channels": 4,
        "kernel": 3,
        "stride": 1,
        "padding": 1,
    }
    return str(values[role])


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
        listed = any(isinstance(values[name], list | tuple) for name in kept)
        depths = (2, 3) if listed else (1, 2) if any(values[name] is None for name in kept) else (1,)
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
    meanings = from_one({name: meaning(name) for name in names})

    def lists_of(layers: int) -> Mapping[str, str]:
        return {name: every_layer(m.role, layers, convention) for name, m in meanings.items()}

    for layers in depths_of(meanings, depths):
        values = {name: parameter(m, layers, convention) for name, m in meanings.items()}
        listed = layers > 1 and all(m.layer is None for m in meanings.values())
        squares = squares_of_arguments(values, meanings)
        yield ParameterSet(values, squares=squares, layers=layers, of_depth=lists_of if listed else None)


def objects(
    name: str, constructors: Iterable[Function], convention: Convention, file: Definitions
) -> Iterator[ParameterSet]:
    """Objects made from what a constructor asks for: sizes, parameters, data, and what the file itself gives it; none
    where it asks for more."""
    for constructor in constructors:
        try:
            texts = [
                ", ".join(_given(constructor, convention, file, layers, optional=optional))
                for optional in (False, True)
                for layers in (1, 2, 3)
            ]
        except CannotMakeError:
            continue
        for arguments in dict.fromkeys(texts):
            yield ParameterSet({name: f"{constructor.owner}({arguments})"}, whole=True)


class CannotMakeError(Exception):
    """An argument of a constructor whose meaning is not known."""


def _given(
    constructor: Function, convention: Convention, file: Definitions, layers: int, *, optional: bool
) -> Iterator[str]:
    """What each argument of a constructor gets; nothing where its default will do."""
    meanings = from_one({argument.name: meaning(argument.name) for argument in constructor.arguments})
    l2 = l2_name(argument.name for argument in constructor.arguments)
    asks_for_sizes = any(size_role(argument.name) for argument in constructor.arguments)
    for argument in constructor.arguments:
        role, sized = meanings[argument.name].role, size_role(argument.name)
        seen = [h.constant for h in file.handed.get((constructor.owner, argument.name), ()) if h.constant]
        if sized is not None:
            yield f"{argument.name}={size_of(sized, convention.sizes)}"
        elif role == "l2" and (argument.required or argument.name == l2):
            yield f"{argument.name}={L2}"
        elif role in PARAMETER_ROLES and (argument.required or (optional and not asks_for_sizes)):
            depth = next(iter(depths_of(meanings, (layers,))), 1)
            yield f"{argument.name}={parameter(meanings[argument.name], depth, convention)}"
        elif not argument.required:
            continue
        elif role == "inputs":
            yield f"{argument.name}={inputs(convention)}"
        elif role == "labels":
            yield f"{argument.name}={drawn_labels(convention, file.numpy or 'np')}"
        elif seen:
            yield f"{argument.name}={seen[0]}"
        elif (setting := training_setting(argument.name)) is not None:
            yield f"{argument.name}={setting}"
        else:
            raise CannotMakeError(argument.name)


def _containers(
    file: Definitions, functions: Sequence[Function], names: list[str], convention: Convention
) -> Iterator[ParameterSet]:
    """A dictionary, a list or an object: keys are looked up under any of the names that it goes by."""
    used = file.used(functions)
    aliases = {a.name for f in used for a in f.arguments if meaning(a.name).role == "bundle"} | {*names}
    entries = entries_of(used, aliases) or entries_of(file.functions, aliases)
    inner = entries_of(file.functions, {f"{name}[]" for name in aliases} | {"layer", "l"})
    if entries:
        yield from dictionaries(names[0], entries, convention)
    elif inner:
        yield from lists_of_dictionaries(names[0], inner, convention)
    else:
        yield from objects(names[0], file.constructors.values(), convention, file)
        yield from lists(names[0], convention)
