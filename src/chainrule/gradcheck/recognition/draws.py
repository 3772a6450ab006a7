"""Whether programs draw at random, as dropout does, and whether cost and gradient drop the same units."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram

_UNUSUAL = 987_654_321
"""A seed that no program has of its own."""


def draws(program: LocalProgram) -> bool:
    """Whether a cost or its gradient draws from NumPy's own generator."""
    given = program.describe()
    np.random.seed(_UNUSUAL)  # noqa: NPY002
    before = _state()
    program.gradient(given.arrays, given.data)
    return _state() != before


def draws_alike(program: LocalProgram) -> bool:
    """Whether cost and gradient, for each of which draws begin anew, draw as many numbers, so that they drop the same
    units; and nothing else is drawn."""
    given = program.describe()
    cost = program.cost(given.arrays, given.data)
    of_cost = _state()
    program.gradient(given.arrays, given.data)
    return of_cost == _state() and cost == program.cost(given.arrays, given.data)


def _state() -> tuple[bytes, int]:
    """How far NumPy's own generator has come."""
    _, key, place, *_ = np.random.get_state()  # noqa: NPY002
    return np.asarray(key).tobytes(), int(place)
