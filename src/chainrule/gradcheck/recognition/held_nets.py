"""Recurrent nets that another object holds and works on: ``self.rnn.W`` in the methods of a trainer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition import parameters
from chainrule.gradcheck.recognition.constructing import every_way
from chainrule.gradcheck.recognition.containers import ParameterSet
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.held_settings import CannotMakeError, with_attributes
from chainrule.gradcheck.recognition.objects import DATA, MadeNet, attributes_read, bare, makers

Fields = dict[str, list[str]]
"""By attribute of an object, what its methods read of what that holds."""


def held_nets(
    file: Definitions, functions: Sequence[Function], convention: Convention
) -> Iterator[ParameterSet]:
    """Parameters that are put on an object which the one holds whose methods are called.

    Args:
        file: the file's functions.
        functions: those that are to be called, the cost first.
        convention: of the arrays.
    """
    owner = next((function.owner for function in functions if function.owner), "")
    if not owner or not convention.state:
        return
    before = makers(file, functions)
    fields = _fields(file, [*before, *functions])
    for inner in filter(lambda name: _is_net(fields[name]), fields):
        kept = [name for name in fields[inner] if meaning(name).role in PARAMETER_ROLES]
        own = parameters.as_returned(kept, functions)
        put = (*own, *(name for name in fields[inner] if meaning(name).role in DATA))
        direct = [name for name in attributes_read(file, [*before, *functions]) if name not in fields]
        for net in _holders(file, owner, fields, inner, direct, convention):
            for given in parameters.separate(own, convention, net.depths):
                yield from net.holding(replace(given, inner=inner, put=put, before=before))


def as_arguments(file: Definitions, functions: Sequence[Function]) -> Function:
    """What methods read of the nets that their objects hold, as if these were arguments."""
    nets = (names for names in _fields(file, functions).values() if _is_net(names))
    return Function("held", tuple(Argument(name) for names in nets for name in names))


def _fields(file: Definitions, functions: Sequence[Function]) -> Fields:
    fields: Fields = {}
    for method in file.reached(functions):
        for place, names in method.fields.items():
            if place.startswith("."):
                own = fields.setdefault(place[1:], [])
                own += [name for name in names if name not in own]
    return fields


def _is_net(names: Sequence[str]) -> bool:
    return any(meaning(name).role in ("recurrent", "gate") for name in names)


def _holders(
    file: Definitions, owner: str, fields: Fields, inner: str, direct: Sequence[str], convention: Convention
) -> Iterator[MadeNet]:
    """Objects that hold the net: as their constructor makes them, else without it."""
    with contextlib.suppress(CannotMakeError):
        for text in every_way(file.constructors[owner], convention, file):
            yield MadeNet(text, {}, (2,), frozenset(fields[inner]))
    for held in _held(file, fields, inner, convention):
        for net in bare(file, owner, direct, convention):
            yield net._replace(held={**net.held, **held}, made=frozenset(fields[inner]))


def _held(file: Definitions, fields: Fields, inner: str, convention: Convention) -> Iterator[dict[str, str]]:
    """All objects that another holds, by attribute: the net as its class makes it, else with what is read of it."""
    kept = {name for name in fields[inner] if meaning(name).role in PARAMETER_ROLES}
    others = [name for name in fields[inner] if meaning(name).role not in (*PARAMETER_ROLES, *DATA)]
    with contextlib.suppress(CannotMakeError):
        beside = {at: with_attributes(at, names, convention) for at, names in fields.items() if at != inner}
        for constructor in (c for c in file.constructors.values() if kept <= {*c.attributes.sets}):
            with contextlib.suppress(CannotMakeError):
                yield {inner: every_way(constructor, convention, file)[0], **beside}
        yield {inner: with_attributes(inner, others, convention), **beside}
