"""Gradients that are clipped: beyond its bound, a gradient is that of no cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point

_FAR = 30.0
"""How many times as large as they are given parameters are to be where a gradient reaches its bound."""

_STEPS = 60
"""Of one sequence, all alike: over them the gradient of a recurrent net adds up."""

_DIGITS = 3
"""Of a bound that somebody writes down."""


def bound(program: LocalProgram) -> float | None:
    """The bound to which a gradient is clipped; None where it is not: where it is large its largest entry is a number
    that somebody wrote down.

    It is large over many steps, or, where no data are known to be steps, with large parameters: with these the units
    of a recurrent net are 1 or -1, and its gradient holds whole numbers that nobody wrote.
    """
    given = Point.of_program(program, program.describe())
    variable = given.variable
    if variable.samples:
        given = given.with_data(variable.with_samples(given.data, np.full(_STEPS, variable.first)))
    elif not given.data:
        given = given.with_arrays([_FAR * a for a in given.arrays])
    try:
        with np.errstate(all="ignore"):
            gradients = program.gradient(given.arrays, given.data).arrays
    except Exception:
        return None
    largest = _largest(gradients)
    is_written = np.isfinite(largest) and largest > 0 and float(f"{largest:.{_DIGITS}g}") == largest
    several = sum(int(np.sum(np.abs(g) == largest)) for g in gradients) > 1
    return largest if is_written and several else None


def is_reached(program: LocalProgram, at: float) -> bool:
    """Whether an entry of the gradient lies at a bound where the program is given."""
    given = program.describe()
    return _largest(program.gradient(given.arrays, given.data).arrays) >= at


def _largest(gradients: Sequence[Array]) -> float:
    return max((float(np.abs(g).max(initial=0.0)) for g in gradients), default=0.0)
