"""What the parameters of a file's functions may be: arrays, lists, dictionaries, an object, or the module's own."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_gradient,
    l2_name,
    meaning,
    parameter_names,
    plain_name,
)
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.constructing import every_way, filled, without_constructor
from chainrule.gradcheck.recognition.containers import (
    ParameterSet,
    depths_of,
    dictionaries,
    entries_of,
    from_one,
    lists,
    lists_of_dictionaries,
    one_after_the_other,
)
from chainrule.gradcheck.recognition.conventions import Convention, every_layer, parameter
from chainrule.gradcheck.recognition.held_settings import CannotMakeError, sizes_given
from chainrule.gradcheck.recognition.listed_objects import listed_objects
from chainrule.gradcheck.recognition.nested import groups_of, nested_dictionaries
from chainrule.gradcheck.recognition.penalties import squares_of_arguments
from chainrule.gradcheck.recognition.sequences import is_recurrent, size_in
from chainrule.gradcheck.recognition.stacks import stack

_NUMBER = re.compile(r"-?\d+(\.\d*)?(e-?\d+)?")

NET = "net"
"""What an object whose methods are called is called in an adapter."""


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
    owner = next((function.owner for function in functions if function.owner), "")
    if owner:
        yield from _of_object(file, functions, owner, convention)
        return
    arguments = list(dict.fromkeys(a.name for f in functions for a in f.arguments))
    parameters = [name for name in arguments if meaning(name).role in PARAMETER_ROLES]
    stepped = {name for f in functions for name in f.stepped if name in f.keys}
    unpacked = {name for f in file.used(functions) for name in f.unpacked_parameters}
    told = {*stepped, *unpacked, *_keyed(functions)}
    containers = [name for name in arguments if meaning(name).role == "bundle" or name in told]
    used = {name for function in file.functions for name in function.uses}
    kept = [name for name in values if name in used and meaning(name).role in PARAMETER_ROLES]
    if containers:
        yield from _containers(file, functions, containers, convention)
    elif parameters:
        yield from separate(distinct(parameters, _taken(functions)), convention, (1, 2, 3))
        if len(needed := _needed(parameters, functions)) < len(parameters):
            yield from separate(distinct(needed, _taken(functions)), convention, (1, 2, 3))
    elif "p" in arguments:
        # Beside other parameters it would be the probabilities.
        yield from _containers(file, functions, ["p"], convention)
    elif kept:
        listed = any(isinstance(values[name], list | tuple) for name in kept)
        depths = (2, 3) if listed else (1, 2) if any(values[name] is None for name in kept) else (1,)
        apart = separate(as_returned(kept, functions), convention, depths)
        yield from (replace(given, kept=True) for given in apart)


def _of_object(
    file: Definitions, functions: Sequence[Function], owner: str, convention: Convention
) -> Iterator[ParameterSet]:
    """Those that an object holds, or that its methods take; what some take and others read is put on the object too."""
    constructor = file.constructors[owner]
    numbers = [name for name, text in constructor.attributes.constants if _NUMBER.fullmatch(text)]
    learnt = others_with_gradients(file, functions, numbers)
    made = [
        replace(given, held={**given.held, **learnt})
        for given in _objects(NET, [constructor], convention, file)
    ]
    required = list(dict.fromkeys(a.name for f in functions for a in f.arguments if a.required))
    taken = [name for name in required if meaning(name).role in PARAMETER_ROLES]
    containers = [name for name in required if meaning(name).role == "bundle"]
    read = {name for f in file.reached(functions) for name in f.attributes.reads}
    if not made and (taken or containers) and read <= {f.name for f in file.functions if f.owner}:
        # What takes its parameters and reads nothing of its object but other methods may be called on any.
        made = [ParameterSet({NET: without_constructor(owner)}, whole=True)]
    if containers:
        for net in made:
            held = _containers(file, functions, containers, convention)
            yield from (replace(given, net=net.values[NET]) for given in held)
    roles = {meaning(name).role for name in taken}
    own = [name for name in sorted(read) if meaning(name).role in roles]
    if taken and {*own} <= {*taken}:
        for net in made:
            apart = separate(distinct(taken, _taken(functions)), convention, (1, 2, 3))
            yield from (replace(given, net=net.values[NET], put=tuple(own)) for given in apart)
    put = tuple(name for name in _l2_kept(constructor) if name in read)
    yield from (replace(given, put=put) for given in made)


def _l2_kept(constructor: Function) -> list[str]:
    """The attributes under which an object keeps the l2 that it is made with."""
    l2 = l2_name(argument.name for argument in constructor.arguments)
    return [name for name, argument in constructor.attributes.kept if argument == l2]


def others_with_gradients(
    file: Definitions, functions: Sequence[Function], names: Iterable[str]
) -> dict[str, str]:
    """Those of an object's attributes whose gradients come back under their names, whatever these say, as those of a
    temperature may: drawn like scales, in the shapes that the constructor gives them."""
    reached = file.used(functions)
    given = [name for f in reached for name in (*f.returns, *f.returns_inside, *f.attributes.sets)]
    keys = [key for f in reached for name, own in f.keys.items() if is_gradient(name) for key in own]
    named = {known for name in given if is_gradient(name) for known in parameter_names(name)}
    named |= {plain_name(name) for name in (*keys, *(n for f in reached for n in f.returns_inside))}
    drawn = f"rng.uniform(0.5, 1.5, size={file.numpy_name}.shape({NET}.{{}}))"
    others = [name for name in names if meaning(name).role not in PARAMETER_ROLES]
    return {name: drawn.format(name) for name in others if plain_name(name) in named}


def _needed(parameters: Sequence[str], functions: Sequence[Function]) -> list[str]:
    """The parameters but those that a cost may be given, as gamma and beta of batch norm, and its gradient does not
    take: it may be that of the cost without them."""
    gradients = [f for f in functions[1:] if rank(f.name, "gradient") is not None]
    taken = {a.name for f in gradients for a in f.arguments}
    given = {a.name for f in functions for a in f.arguments if a.required}
    return [name for name in parameters if name in given or name in taken] if gradients else [*parameters]


def _keyed(functions: Sequence[Function]) -> Iterator[str]:
    """Arguments of any name in which the parameters of a recurrent net are looked up."""
    for name, keys in ((n, k) for f in functions for n, k in f.keys.items()):
        roles = {meaning(key).role for key in keys}
        if ({"weights", "recurrent"} <= roles or "gate" in roles) and not is_gradient(name):
            yield name


def distinct(names: list[str], taken: Sequence[Sequence[str]] = ()) -> list[str]:
    """One name for each meaning: ``W`` of the cost and ``weights`` of the gradient are the same; those of a recurrent
    net that are taken together are not, as they are those of several gates."""
    several = {
        meaning(name)
        for group in taken
        for name, other in itertools.permutations(group, 2)
        if is_recurrent() and meaning(name) == meaning(other) and {name, other} <= {*names}
    }
    return list({(meaning(n), n if meaning(n) in several else ""): n for n in reversed(names)}.values())[::-1]


def _taken(functions: Sequence[Function]) -> list[list[str]]:
    return [[argument.name for argument in function.arguments] for function in functions]


def as_returned(names: list[str], functions: Sequence[Function]) -> list[str]:
    """Parameters in the order in which their gradients come back, where the names of those say it; else as they are."""
    for function in functions:
        gradients = [parameter_names(given) for given in function.returns if is_gradient(given)]
        order = [name for given in gradients for name in names if plain_name(name) in given]
        if sorted(order) == sorted(names):
            return order
    return names


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


def _objects(
    name: str, constructors: Iterable[Function], convention: Convention, file: Definitions
) -> Iterator[ParameterSet]:
    """Objects, as far as they can be made."""
    for constructor in constructors:
        with contextlib.suppress(CannotMakeError):
            held = {} if filled(constructor, convention, file) else stack(constructor, convention, file)
            for text in every_way(constructor, convention, file):
                yield ParameterSet({name: text}, whole=True, held=held)


def _of_own_making(
    file: Definitions, functions: Sequence[Function], name: str, convention: Convention
) -> Iterator[ParameterSet]:
    """A dictionary with the keys and shapes of the one that a function of the file makes of sizes."""
    handed = (h for f in functions if name in f.keys for h in file.handed.get((f.name, name), ()))
    for maker in {h.function: file.named(h.function) for h in handed if h.part is None}.values():
        if maker is not None and not maker.owner:
            with contextlib.suppress(CannotMakeError):
                made = f"{maker.name}({', '.join(sizes_given(maker, convention))}).items()"
                drawn = f"{{key: rng.normal(size=value.shape) / 2 for key, value in {made}}}"
                yield ParameterSet({name: drawn}, whole=True)


def _containers(
    file: Definitions, functions: Sequence[Function], names: list[str], convention: Convention
) -> Iterator[ParameterSet]:
    """A dictionary, a list or an object: keys are looked up under any of the names that it goes by."""
    used = file.used(functions)
    aliases = {a.name for f in used for a in f.arguments if meaning(a.name).role == "bundle"} | {*names}
    entries = entries_of(used, aliases) or entries_of(file.functions, aliases)
    inner = entries_of(file.functions, {f"{name}[]" for name in aliases} | {"layer", "l"})
    groups = groups_of(used, aliases)
    listed = next((held for f in used for n, held in f.unpacked_parameters.items() if n in aliases), ())
    if listed:
        yield from one_after_the_other(names[0], listed, convention)
        return
    if not (groups or entries or inner):
        yield from _of_own_making(file, functions, names[0], convention)
    if groups:
        yield from nested_dictionaries(names[0], groups, convention)
    elif entries:
        yield from dictionaries(names[0], entries, convention)
    elif inner:
        yield from lists_of_dictionaries(names[0], inner, convention)
    else:
        yield from _of_fields(file, used, names[0], aliases, convention)
        yield from listed_objects(names[0], file, convention)
        yield from _objects(names[0], file.constructors.values(), convention, file)
        yield from lists(names[0], convention)


def _of_fields(
    file: Definitions, functions: Sequence[Function], name: str, aliases: set[str], convention: Convention
) -> Iterator[ParameterSet]:
    """An object with the parameters and sizes that functions read of it, of the class that has them, else of none."""
    read = list(dict.fromkeys(n for f in functions for alias in aliases for n in f.fields.get(alias, ())))
    meanings = from_one({n: m for n in read if (m := meaning(n)).role in PARAMETER_ROLES})
    if not convention.state or not any(m.role in ("recurrent", "gate") for m in meanings.values()):
        return
    layers = max(m.layer or 1 for m in meanings.values())
    held = {n: parameter(m, layers, convention) for n, m in meanings.items()}
    held |= {n: text for n in read if (text := size_in(n, convention))}
    fitting = (owner for owner, made in file.constructors.items() if {*meanings} <= {*_fields_of(made)})
    owner = next(fitting, "")
    text = f"{owner}.__new__({owner})" if owner else '__import__("types").SimpleNamespace()'
    yield ParameterSet({name: text}, whole=True, held=held, layers=layers)


def _fields_of(constructor: Function) -> Iterator[str]:
    """What a constructor gives its object, or a dataclass asks for."""
    yield from constructor.attributes.sets
    yield from (argument.name for argument in constructor.arguments)
