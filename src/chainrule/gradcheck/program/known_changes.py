"""What is known of many changes of a piece of source before one of them is run: which make the same difference, and
what the gradient is with them where it is a linear function of what they give."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

from chainrule.gradcheck.program.change import SmallChange
from chainrule.gradcheck.program.exchanged_code import code_looking, running
from chainrule.gradcheck.program.formula_values import FormulaValues
from chainrule.gradcheck.program.source_units import SourceUnit
from chainrule.gradcheck.program.value_slopes import ValueSlopes

_MOST_SECONDS = 2.0
"""What the runs with all formulas in it, or with values moved, may take."""

_FEW = 20
"""How many changes are not worth one."""


class GivenWith(NamedTuple):
    """What a run gives with a change."""

    number: float


def known_changes(
    unit: SourceUnit, changes: Mapping[int, SmallChange], run: Callable[[], float]
) -> dict[int, Hashable]:
    """By the number of a change, what is the same for all that are alike, or what a run gives with it; nothing where a
    run with all of them in it is another one than without.

    Args:
        run: runs the gradient, gives a number of it, and leaves all as it was.
    """
    values = FormulaValues(unit.statement, changes)
    looking = values.change() if len(changes) > _FEW else None
    code = code_looking([looking], unit, values.look) if looking else None
    if code is None:
        return {}
    plain = run()
    try:
        with running([unit], {id(unit): code}, _MOST_SECONDS):
            if run() != plain:
                return {}
    except TimeoutError:
        return {}
    return {**dict(values.keys()), **_given_with(unit, values, run, plain)}


def _given_with(
    unit: SourceUnit, values: FormulaValues, run: Callable[[], float], plain: float
) -> dict[int, GivenWith]:
    """What a run gives with the changes of statements that are run once, where there are more of these than the
    statement's value has entries."""
    every = [(each, own) for each, own in values.of_one_turn() if len(own) > each.value.numbers.size + _FEW]
    slopes = ValueSlopes([each for each, _ in every], run, plain)
    code = code_looking([slopes.change()], unit, slopes.look) if every else None
    found: dict[int, GivenWith] = {}
    if code is None:
        return found
    with contextlib.suppress(TimeoutError), running([unit], {id(unit): code}, _MOST_SECONDS):
        for number, (each, others) in enumerate(every):
            along = slopes.of(number)
            if along is not None and slopes.tells(number, along, list(others.values())):
                given = {at: plain + float(along @ (o - each.value.numbers)) for at, o in others.items()}
                found |= {at: GivenWith(its) for at, its in given.items()}
    return found
