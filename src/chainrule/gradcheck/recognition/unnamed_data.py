"""Inputs and labels whose names say nothing, told by their places among the arguments of cost and gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.names import Role, is_rate, is_settings, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import counted_size

_USUAL: dict[Role, str] = {"inputs": "inputs", "labels": "labels"}


def data_told(file: Definitions, called: Sequence[Function]) -> list[dict[str, str]]:
    """Usual names for inputs and labels by those that they have, the likelier first; of nothing where none is told.

    Told is what cost and gradient both take, under one name, that is neither parameters nor made by a function of the
    file, where no other argument is called like inputs, or like labels. Where both are to be told, inputs come first
    as a rule.
    """
    # What a forward pass takes by its usual name, the others may take as what it gives.
    forwards = [
        f for f in file.functions if f.owner in ("", called[0].owner) and rank(f.name, "forward") is not None
    ]
    known = {
        meaning(name).role for f in (*called, *forwards) for name in (*file.asks_for(f), *f.attributes.reads)
    }
    lacking = [role for role in _USUAL if role not in known]
    shared = [
        a.name
        for a in called[0].arguments
        if all(any(b.name == a.name and _says_nothing(file, f, b) for b in f.arguments) for f in called)
    ]
    if not lacking or len(shared) != len(lacking):
        return [{}]
    orders = (shared, shared[::-1])[: len(shared)]
    return [{n: _USUAL[role] for n, role in zip(order, lacking, strict=True)} for order in orders]


def renamed(function: Function, new: Mapping[str, str]) -> Function:
    """A function whose arguments have other names."""
    arguments = (
        a._replace(name=new[a.name], own_name=a.keyword) if a.name in new else a for a in function.arguments
    )
    return function._replace(arguments=tuple(arguments))


def _says_nothing(file: Definitions, function: Function, argument: Argument) -> bool:
    """Whether an argument may be data by all but its name."""
    name = argument.name
    known = meaning(name).role != "other" or counted_size(name) or is_rate(name) or is_settings(name)
    is_used_otherwise = name in function.pairs or name in function.keys or name in file.options
    handed = file.handed.get((function.name, name), ())
    return argument.required and not (
        known or is_used_otherwise or any(h.constant or _is_made(file, h) for h in handed)
    )


def _is_made(file: Definitions, handed: HandedOn) -> bool:
    """Whether a function of the file has its part in what is handed on: one of more than the name of a file of data."""
    giver = file.named(handed.function)
    if giver is not None:
        required = [a for a in giver.arguments if a.required]
        return len(required) > 1 or any(meaning(a.name).role != "other" for a in required)
    return bool(handed.function) or any(_is_made(file, h) for _, h in handed.names)
