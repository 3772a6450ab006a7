"""Switches by which both cost and gradient choose what they compute: the gradient is written for either value."""

from __future__ import annotations

import re

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.switch_names import is_mode
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.data_names import called

_OF_DATA = re.compile(
    r"\w*(hot|index|indices|labels?|sparse|columns?|rows?|transposed?|flat\w*)"
    r"|(return|get|give|output|keep|save|store|verbose|debug|print|plot|show)(_\w*)?|log(ging)?",
    re.IGNORECASE,
)
"""Switches that say how data lie, what is given back, or what is told."""


def are_chosen_by(plan: AdapterPlan, name: str) -> bool:
    """Whether cost and gradient each have a condition on a switch of this name, ``if svm``, or on the attribute in
    which their object keeps it. One that says how data lie, or what is given back, chooses nothing.

    Args:
        plan: of the adapter that calls them.
        name: of an argument of theirs or of their object's constructor, of an attribute, or of a setting.
    """
    constructor = plan.file.constructors.get(plan.functions.owner)
    kept = constructor.attributes.kept if constructor is not None else ()
    names = {name, *(attribute for attribute, argument in kept if argument == name)}
    passes = _passes(plan)
    return not _OF_DATA.fullmatch(name) and all(any(names & f.switches for f in each) for each in passes)


def of_module(plan: AdapterPlan) -> dict[str, str]:
    """The switches that the file's top level sets by which cost and gradient choose, each with its value in an
    adapter."""
    if not plan.file.switches:
        return {}
    passes = _passes(plan)
    return {
        name: plan.options.get(in_module(name), value)
        for name, value in plan.file.switches.items()
        if not (is_mode(name) or _OF_DATA.fullmatch(name))
        and all(any(name in f.switches and name in f.uses for f in each) for each in passes)
    }


def in_module(name: str) -> str:
    """What a switch of the file's top level is called as an option."""
    return f"global {name}"


def is_handed_blindly(plan: AdapterPlan, name: str, value: str) -> bool:
    """Whether cost or gradient are handed a part of what a function gives that returns in several ways, and the file
    does not say which part it is with this value of a switch."""
    functions = [function for function in plan.functions[:2] if function is not None]
    arguments = [(function.name, a.name) for function in functions for a in function.arguments]
    untold = [key for key in arguments if (*key, name, value) not in plan.file.handed_where]
    handed = [each for key in untold for each in plan.file.handed.get(key, ())]
    return any(each.part is not None and _returns_in_several_ways(plan, each.function) for each in handed)


def _returns_in_several_ways(plan: AdapterPlan, name: str) -> bool:
    giver = plan.file.named(name, plan.functions.owner)
    return giver is not None and any(before != giver.returns for before in giver.returns_before)


def _passes(plan: AdapterPlan) -> list[list[Function]]:
    """What an adapter runs for the cost, and for the gradient alone; an empty one where one gives both."""
    gradient = plan.functions.gradient
    if gradient is None:
        return [[]]
    given = [function for function in plan.functions.given if function is not gradient]
    forward = plan.file.used([*given, *called(Functions(plan.functions.cost), plan.file)])
    return [forward, [function for function in plan.file.used([gradient]) if function not in forward]]
