"""States one step late, which a file makes where it calls the gradient of a recurrent net: the state before each step.

``np.hstack((h0, H[:, :-1]))`` of what the forward pass gives is right here with the state that this takes here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.recurrent import is_first_state
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.calling import AdapterPlan

_BESIDE = r"\w+\.(?:(?:h|v|column_|row_)stack|concatenate|append)\(|\w+\.[cr]_\["
"""How arrays are put beside each other."""


def is_one_step_late(plan: AdapterPlan, function: Function, handed: HandedOn) -> bool:
    """Whether something is the state before each step: the first one, beside those that a forward pass gives."""
    return _is_beside(handed) and not begins_elsewhere(plan, function, handed)


def begins_elsewhere(plan: AdapterPlan, function: Function, handed: HandedOn) -> bool:
    """Whether something stands beside what a forward pass gives that is not the state which this takes: zeros, where
    that is zero in the file and is not here."""
    made = dict(handed.names)
    if not _is_beside(handed) or not _take_state(plan, function, made):
        return False
    names = re.findall(r"\w+", handed.expression)
    return not any(is_of_first_state(plan, function, name, made) for name in names)


def _is_beside(handed: HandedOn) -> bool:
    """Whether arrays are put beside each other, and a function gives one of them."""
    return bool(re.match(_BESIDE, handed.expression)) and any(made.function for _, made in handed.names)


def is_of_first_state(plan: AdapterPlan, function: Function, name: str, made: Mapping[str, HandedOn]) -> bool:
    """Whether a name, where the file calls a function, is that of the state which its forward pass takes there."""
    is_given = name in made and made[name].function
    return is_first_state(name) and not is_given and _take_state(plan, function, made)


def _take_state(plan: AdapterPlan, function: Function, made: Mapping[str, HandedOn]) -> bool:
    """Whether the functions that give some values take the state before the first step."""
    owner = function.owner or plan.functions.owner
    givers = (plan.file.named(m.function, owner) for m in made.values() if m.function)
    return any(meaning(a.name).role == "state" for giver in givers if giver for a in giver.arguments)
