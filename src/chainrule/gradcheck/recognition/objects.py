"""Nets whose parameters are attributes of an object: how the object is made, and what is put on it before a call."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

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
    training_setting,
)
from chainrule.gradcheck.program.recurrent import is_vague_state
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition import parameters
from chainrule.gradcheck.recognition.constructing import every_way, without_constructor
from chainrule.gradcheck.recognition.containers import (
    LAYERS_MADE,
    ParameterSet,
    dictionaries,
    entries_of,
    lists_of_dictionaries,
)
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.convolutions import lies_otherwise
from chainrule.gradcheck.recognition.given_later import given_later
from chainrule.gradcheck.recognition.held_settings import CannotMakeError
from chainrule.gradcheck.recognition.made_sizes import size_of
from chainrule.gradcheck.recognition.sequences import is_recurrent, size_in

DATA = ("inputs", "labels", "state", "cell", "l2", "samples")
"""Roles of attributes that hold data."""
_MOST_MAKERS = 4
_MOST_UPDATES = 4


class MadeNet(NamedTuple):
    """An object, what is put on it once, how many layers it may have, and what its constructor gives a value."""

    text: str
    held: Mapping[str, str]
    depths: tuple[int, ...]
    made: frozenset[str] = frozenset()

    def holding(self, given: ParameterSet) -> Iterator[ParameterSet]:
        """Parameters on this object; what may be the state of a recurrent net or room for all its states is first left
        as the constructor makes it."""
        on_it = replace(given, net=self.text, held=self.held)
        room = {n for n in given.put if n in self.made and meaning(n).role == "state" and is_vague_state(n)}
        if room:
            yield replace(on_it, put=tuple(name for name in given.put if name not in room))
        yield on_it


def _made(file: Definitions, owner: str, held: Sequence[str], convention: Convention) -> Iterator[MadeNet]:
    """Objects that the constructor makes."""
    constructor = file.constructors[owner]
    sized = {name: text for name in held if (text := size_in(name, convention))} if convention.state else {}
    sized = given_later(file, owner, held) | sized
    with contextlib.suppress(CannotMakeError):
        for text in every_way(constructor, convention, file):
            yield MadeNet(text, sized, _depths(constructor), frozenset(constructor.attributes.sets))


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
    before = makers(file, functions)
    held = attributes_read(file, [*before, *functions])
    nets = list(_made(file, owner, held, convention))
    data = [name for name in held if meaning(name).role in DATA or is_rate(name) or is_batch_size(name)]
    methods = file.reached([*before, *functions])
    for name in (name for name in held if not is_gradient(name)):
        if not (containers := list(_containers(name, methods, convention, held))):
            continue
        put = (name, *data)
        for net in (*nets, *bare(file, owner, [n for n in held if n not in put], convention)):
            for given in containers:
                yield from net.holding(replace(given, put=put, before=before))
    kept = [name for name in held if meaning(name).role in PARAMETER_ROLES]
    kept.sort(key=lambda name: lies_otherwise(name, convention))
    taken = (a.name for f in functions for a in f.arguments if a.required)
    every = [*kept, *(name for name in taken if meaning(name).role in PARAMETER_ROLES)]
    if not every:
        return
    unknown = [name for name in held if name not in (*kept, *data)]
    learnt = parameters.others_with_gradients(file, functions, unknown)
    put = (*kept, *learnt, *data)
    own = parameters.distinct(every, [kept, *([a.name for a in f.arguments] for f in functions)])
    own = parameters.as_returned(own, functions)
    for net in (*nets, *bare(file, owner, [name for name in held if name not in put], convention)):
        for given in parameters.separate(own, convention, net.depths):
            values = {**given.values, **learnt}
            ordered = parameters.as_returned([*values], functions)
            values = {name: values[name] for name in ordered}
            yield from net.holding(replace(given, values=values, put=put, before=before))


def _containers(
    name: str, methods: Sequence[Function], convention: Convention, held: Collection[str]
) -> Iterator[ParameterSet]:
    """Parameters in an attribute: a dictionary of them, or a list with one for each layer; none where no weights are
    looked up in it, or the attributes that are held are these themselves."""
    for place, held_in in ((f".{name}", dictionaries), (f".{name}[]", lists_of_dictionaries)):
        entries = entries_of(methods, {place})
        if not {*entries} <= {*held} and any(what.role == "weights" for what in entries.values()):
            yield from held_in(name, entries, convention)


def _depths(constructor: Function) -> tuple[int, ...]:
    """How many layers an object may have that is made from the sizes that its constructor asks for."""
    asked = [size_role(argument.name) for argument in constructor.arguments if argument.may_be_size]
    if hidden := asked.count("hidden size"):
        return (hidden + 1,)
    if {"hidden sizes", "widths"} & {*asked}:
        return (2,)
    return (1,) if {"input size", "output size"} <= {*asked} else (1, 2, 3)


def makers(file: Definitions, functions: Sequence[Function]) -> tuple[Function, ...]:
    """The methods that make what others read, in the order in which they must run: those that change no parameters."""
    before: list[Function] = []
    while len(before) < _MOST_MAKERS:
        # Each is called by itself, with what the others leave behind gone.
        missing = dict.fromkeys(name for f in functions for name in attributes_read(file, [*before, f]))
        new = next(
            (maker for name in missing if (maker := _maker(file, functions, name)) not in (None, *before)),
            None,
        )
        if new is None:
            break
        before.insert(0, new)
    return tuple(before)


def _maker(file: Definitions, functions: Sequence[Function], name: str) -> Function | None:
    owner = next((function.owner for function in functions if function.owner), "")
    known = (*PARAMETER_ROLES, *DATA, "bundle")
    if meaning(name).role in known or (is_recurrent() and size_role(name) is not None):
        return None
    if given_later(file, owner, [name]):
        return None
    return next(
        (
            f
            for f in file.functions
            if f.owner in (owner, *file.bases.get(owner, ()))
            and f.name != "__init__"
            and not is_update(f.name)
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
        before, carried = {*is_set}, _carried(reached)
        is_set |= {name for method in reached for name in method.attributes.sets}
        for name in (name for method in reached for name in method.attributes.reads):
            goes_on = name in carried and name not in before
            if name not in methods and (name not in is_set or goes_on or _is_kept(name)):
                needed[name] = None
    return list(needed)


def _carried(methods: Sequence[Function]) -> set[str]:
    """The states that some methods begin with as the last call has left them, and none of them begins anew."""
    states = {n for f in methods for n in f.attributes.carried if meaning(n).role == "state"}
    begun = {n for f in methods for n in f.attributes.sets if n not in f.attributes.carried}
    return states - begun


def begins_state_anew(file: Definitions, function: Function) -> bool:
    """Whether a method gives a value anew, itself or by another method, to a state with which a pass that it calls goes
    on from call to call."""
    methods = file.reached([function])
    carried = {n for f in methods for n in f.attributes.carried if meaning(n).role == "state"}
    return any(not carried.isdisjoint({*f.attributes.sets} - {*f.attributes.carried}) for f in methods)


def _is_kept(name: str) -> bool:
    """Whether methods that change an attribute need it as it was."""
    role = meaning(name).role
    return role in (*PARAMETER_ROLES, "cell") or (role == "state" and not is_vague_state(name))


def updates(file: Definitions, cost: Function) -> list[Function]:
    """The functions that may change the parameters: the methods that give those which the cost reads other values,
    and functions of usual names that return nothing."""
    own = {name for name in attributes_read(file, [cost]) if meaning(name).role in PARAMETER_ROLES}
    same = [f for f in file.functions if f.owner == cost.owner and not f.is_property]
    # What begins anew takes no step from the parameters that it is given.
    beside = [f for f in same if f.name != "__init__" and f is not cost and not _begins_anew(file, f, own)]
    changing = [f for f in beside if own and own <= {*f.attributes.sets, *f.attributes.changes}]
    left = (f for f in beside if f not in changing and not f.gives and not _only_keeps(f))
    others = [f for f in left if _may_update(f)]
    return sorted([*changing, *others], key=lambda f: _rate_of(file, f) is None)[:_MOST_UPDATES]


def _begins_anew(file: Definitions, function: Function, parameters: Collection[str]) -> bool:
    """Whether a method first gives some of the parameters other values, any, where none are known; or gives all of them
    values and reads none, as one that loads them from a file does."""
    begun = function.attributes.begun
    if any(name in parameters if parameters else meaning(name).role in PARAMETER_ROLES for name in begun):
        return True
    own = {*parameters}
    read = {name for method in file.reached([function]) for name in method.attributes.reads}
    return bool(own) and own <= {*function.attributes.sets} and own.isdisjoint(read)


def _only_keeps(function: Function) -> bool:
    """Whether a method does nothing but put what it is given on its object."""
    own = function.attributes
    kept = {name for name, _ in own.kept}
    return bool(kept) and kept == {*own.sets} and not (own.reads or own.changes)


def _may_update(function: Function) -> bool:
    return is_update(function.name) or rank(function.name, "gradient") is not None


def _rate_of(file: Definitions, update: Function) -> str | None:
    """The argument or attribute that is the learning rate of an update."""
    return rate_name([*(a.name for a in update.arguments), *attributes_read(file, [update])])


def held_rate(file: Definitions, cost: Function, update: Function | None) -> str | None:
    """The attribute that is the learning rate of an update, of which the cost knows nothing: ``self.alpha``."""
    rate = _rate_of(file, update) if update is not None else None
    return rate if rate not in attributes_read(file, [cost]) else None


def as_arguments(file: Definitions, functions: Sequence[Function], rate: str | None = None) -> Function:
    """The attributes that some methods need, as if they were arguments; all but the learning rate of an update."""
    names = (name for name in attributes_read(file, functions) if name != rate)
    return Function("attributes", tuple(map(Argument, names)))


def results(file: Definitions, function: Function, own: Mapping[str, str], inner: str = "") -> dict[str, str]:
    """Where on its object, or on the ``inner`` one, a method leaves the gradients of parameters, by parameter; empty
    where it leaves none."""
    left = {
        name: None
        for method in file.reached([function])
        for name in (method.fields_set.get(f".{inner}", ()) if inner else method.attributes.sets)
        if is_gradient(name.strip("_"))
    }
    named = {
        parameter: next((name for name in left if plain_name(parameter) in parameter_names(name)), None)
        for parameter in own
    }
    return {} if None in named.values() else {parameter: str(name) for parameter, name in named.items()}


def kept_results(file: Definitions, function: Function) -> str:
    """The attribute in which a method keeps all gradients, by name or in order; empty where there is none such."""
    reached = file.reached([function])
    kept = dict.fromkeys(
        n for f in reached for n in (*f.attributes.sets, *f.attributes.changes) if is_gradient(n)
    )
    return next(iter(kept)) if len(kept) == 1 else ""


def bare(file: Definitions, owner: str, names: Sequence[str], convention: Convention) -> Iterator[MadeNet]:
    """An object that its constructor has not made, where it is known what else it must hold."""
    constructor = file.constructors[owner]
    constants = dict(constructor.attributes.constants)
    of_widths = ("widths", "hidden size")
    counted = {
        name: (of, formula)
        for name, of, formula in constructor.attributes.counted
        if size_role(of) in of_widths
    }
    lists = {of: _listed(formula, convention) for of, formula in counted.values()}
    later = given_later(file, owner, names)
    held = {}
    for name in names:
        if name in counted:
            of, formula = counted[name]
            held[name] = formula.format(lists[of])
            continue
        role, option = size_role(name), next(iter(file.options.get(name, ())), None)
        size = size_of(role, convention, constructor) if role else ""
        sized = size_in(name, convention) if convention.state else ""
        value = (
            sized
            or lists.get(name)
            or size
            or constants.get(name)
            or later.get(name)
            or option
            or training_setting(name)
        )
        if value is None:
            return
        held[name] = value
    yield MadeNet(without_constructor(owner), held, (LAYERS_MADE,) if {*names} & {*counted} else (1, 2, 3))


def _listed(formula: str, convention: Convention) -> str:
    """The widths of which a formula counts the layers: of one more than are listed, those of the hidden units."""
    widths = convention.widths(LAYERS_MADE)
    return str([*(widths[1:-1] if "+" in formula else widths)])
