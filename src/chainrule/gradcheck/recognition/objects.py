"""Nets whose parameters are attributes of an object: how the object is made, and what is put on it before a call."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_update, rank
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_batch_size,
    is_gradient,
    is_rate,
    meaning,
    parameter_names,
    plain_name,
    rate_name,
    size_role,
    training_setting,
)
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition import parameters
from chainrule.gradcheck.recognition.constructing import CannotMakeError, every_way, size_of
from chainrule.gradcheck.recognition.containers import ParameterSet, dictionaries, entries_of
from chainrule.gradcheck.recognition.conventions import Convention

_DATA = ("inputs", "labels", "l2", "samples")
_MOST_MAKERS = 4
_MOST_UPDATES = 4


def attribute_sets(
    file: Definitions, functions: Sequence[Function], convention: Convention
) -> Iterator[ParameterSet]:
    """Parameters that are put on an object before its methods are called: one that its constructor makes, or one
    that holds nothing but what its methods ask for.

    Args:
        file: the file's functions.
        functions: those that are to be called, the cost first.
        convention: of the arrays.
    """
    owner = next((function.owner for function in functions if function.owner), "")
    if not owner:
        return
    before = _makers(file, functions)
    held = attributes_read(file, [*before, *functions])
    nets: list[str] = []
    with contextlib.suppress(CannotMakeError):
        nets += every_way(file.constructors[owner], convention, file)
    data = [name for name in held if meaning(name).role in _DATA or is_rate(name) or is_batch_size(name)]
    methods = file.reached([*before, *functions])
    for name in held:
        entries = entries_of(methods, {f".{name}"})
        if any(what.role == "weights" for what in entries.values()):
            put = (name, *data)
            bare = _bare(file, owner, [other for other in held if other not in put], convention)
            for given in dictionaries(name, entries, convention):
                yield from (replace(given, net=net, put=put, before=before) for net in nets)
                if bare is not None:
                    yield replace(given, net=_without_constructor(owner), put=put, held=bare, before=before)
    kept = [name for name in held if meaning(name).role in PARAMETER_ROLES]
    if not kept:
        return
    put = (*kept, *data)
    taken = (a.name for f in functions for a in f.arguments if a.required)
    own = parameters.distinct([*kept, *(name for name in taken if meaning(name).role in PARAMETER_ROLES)])
    own = _as_returned(own, functions)
    bare = _bare(file, owner, [name for name in held if name not in put], convention)
    for net in nets:
        for given in parameters.separate(own, convention, _depths(file.constructors[owner])):
            yield replace(given, net=net, put=put, before=before)
    if bare is not None:
        for given in parameters.separate(own, convention, (1, 2, 3)):
            yield replace(given, net=_without_constructor(owner), put=put, held=bare, before=before)


def _as_returned(names: list[str], functions: Sequence[Function]) -> list[str]:
    """Parameters in the order in which their gradients come back, where the names of those say it; else as they are."""
    for function in functions:
        gradients = [parameter_names(given) for given in function.returns if is_gradient(given)]
        order = [name for given in gradients for name in names if plain_name(name) in given]
        if sorted(order) == sorted(names):
            return order
    return names


def _depths(constructor: Function) -> tuple[int, ...]:
    """How many layers an object may have that is made from the sizes that its constructor asks for."""
    asked = [size_role(argument.name) for argument in constructor.arguments if argument.may_be_size]
    if hidden := asked.count("hidden size"):
        return (hidden + 1,)
    if {"hidden sizes", "widths"} & {*asked}:
        return (2,)
    return (1,) if {"input size", "output size"} <= {*asked} else (1, 2, 3)


def _makers(file: Definitions, functions: Sequence[Function]) -> tuple[Function, ...]:
    """The methods that make what others read, in the order in which they must run: those that change no parameters."""
    makers: list[Function] = []
    while len(makers) < _MOST_MAKERS:
        missing = attributes_read(file, [*makers, *functions])
        new = next(
            (maker for name in missing if (maker := _maker(file, functions, name)) not in (None, *makers)),
            None,
        )
        if new is None:
            break
        makers.insert(0, new)
    return tuple(makers)


def _maker(file: Definitions, functions: Sequence[Function], name: str) -> Function | None:
    owner = next(function.owner for function in functions if function.owner)
    if meaning(name).role in (*PARAMETER_ROLES, *_DATA):
        return None
    return next(
        (
            f
            for f in file.functions
            if f.owner in (owner, *file.bases.get(owner, ()))
            and f.name != "__init__"
            and name in f.attributes.sets
            and not any(meaning(other).role in PARAMETER_ROLES for other in f.attributes.sets)
        ),
        None,
    )


def attributes_read(file: Definitions, functions: Sequence[Function]) -> list[str]:
    """The attributes that methods need when they are called one after the other: those that they read, and that
    none so far has given a value."""
    methods = {function.name for function in file.functions if function.owner}
    needed: dict[str, None] = {}
    is_set: set[str] = set()
    for function in functions:
        reached = file.reached([function])
        is_set |= {name for method in reached for name in method.attributes.sets}
        for name in (name for method in reached for name in method.attributes.reads):
            if name not in methods and (name not in is_set or meaning(name).role in PARAMETER_ROLES):
                needed[name] = None
    return list(needed)


def updates(file: Definitions, cost: Function) -> list[Function]:
    """The functions that may change the parameters: the methods that give those which the cost reads other values,
    and functions of usual names that return nothing."""
    own = {name for name in attributes_read(file, [cost]) if meaning(name).role in PARAMETER_ROLES}
    same = [f for f in file.functions if f.owner == cost.owner and not f.is_property]
    beside = [f for f in same if f.name != "__init__" and f is not cost]
    changing = [f for f in beside if own and own <= {*f.attributes.sets, *f.attributes.changes}]
    others = [f for f in beside if f not in changing and not f.gives and _may_update(f)]
    return sorted([*changing, *others], key=lambda f: _rate_of(file, f) is None)[:_MOST_UPDATES]


def _may_update(function: Function) -> bool:
    return is_update(function.name) or rank(function.name, "gradient") is not None


def _rate_of(file: Definitions, update: Function) -> str | None:
    """The argument or attribute that is the learning rate of an update."""
    return rate_name([*(a.name for a in update.arguments), *attributes_read(file, [update])])


def as_arguments(file: Definitions, functions: Sequence[Function]) -> Function:
    """The attributes that some methods need, as if they were arguments."""
    return Function("attributes", tuple(Argument(name) for name in attributes_read(file, functions)))


def results(file: Definitions, function: Function, own: Mapping[str, str]) -> dict[str, str]:
    """Where on its object a method leaves the gradients of parameters, by parameter; empty where it leaves none."""
    left = {
        name: None
        for method in file.reached([function])
        for name in method.attributes.sets
        if is_gradient(name.strip("_"))
    }
    named = {
        parameter: next((name for name in left if plain_name(parameter) in parameter_names(name)), None)
        for parameter in own
    }
    return {} if None in named.values() else {parameter: str(name) for parameter, name in named.items()}


def _without_constructor(owner: str) -> str:
    return f"{owner}.__new__({owner})"


def _bare(
    file: Definitions, owner: str, names: Sequence[str], convention: Convention
) -> dict[str, str] | None:
    """What else an object must hold that its constructor has not made; None where that is not known."""
    constants = dict(file.constructors[owner].attributes.constants)
    held = {}
    for name in names:
        role, option = size_role(name), next(iter(file.options.get(name, ())), None)
        size = size_of(role, convention, file.constructors[owner]) if role else ""
        value = size or constants.get(name) or option or training_setting(name)
        if value is None:
            return None
        held[name] = value
    return held
