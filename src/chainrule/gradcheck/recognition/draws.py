"""Whether programs draw at random, as dropout does, and whether cost and gradient drop the same units; and whether a
gradient is added to the last one."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.program.generators import state_of
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.unseeded import STREAM

_UNUSUAL = 987_654_321
"""A seed that no program has of its own."""

_CLOSE = 1e-6


def draws(program: LocalProgram) -> bool:
    """Whether a cost or its gradient draws from NumPy's own generator, or makes one without a seed."""
    given = program.describe()
    np.random.seed(_UNUSUAL)  # noqa: NPY002
    before = _state()
    program.cost(given.arrays, given.data)
    program.gradient(given.arrays, given.data)
    return _state() != before


def draws_alike(program: LocalProgram) -> bool:
    """Whether, where draws begin anew for each of both, the gradient draws as many numbers as its cost, so that they
    drop the same units, or none, as what the cost drew is kept for it; and nothing else is drawn."""
    given = program.describe()
    cost = program.cost(given.arrays, given.data)
    of_cost = _state()
    program.gradient(given.arrays, given.data)
    of_gradient = _state()
    np.random.seed(0)  # noqa: NPY002
    return of_gradient in (of_cost, _state()) and cost == program.cost(given.arrays, given.data)


def adds_up(program: LocalProgram) -> bool:
    """Whether a gradient is another one the second time that it is called: what it adds to has to be set to 0 first, by
    whoever calls it."""
    given = program.describe()
    first, second = (program.gradient(given.arrays, given.data).arrays for _ in range(2))
    return any(not np.allclose(a, b, rtol=_CLOSE, atol=0) for a, b in zip(first, second, strict=True))


def draws_what_counts(program: LocalProgram) -> bool:
    """Whether a cost or its gradient is another where other numbers are drawn: not where samples are shuffled alone."""
    given = program.describe()
    costs, gradients = [], []
    for seed in (0, _UNUSUAL):
        np.random.seed(seed)  # noqa: NPY002
        costs.append(program.cost(given.arrays, given.data))
        gradients.append(program.gradient(given.arrays, given.data).arrays)
    pairs = zip(*gradients, strict=True)
    return not (
        np.isclose(costs[0], costs[1]) and all(np.allclose(a, b, rtol=_CLOSE, atol=_CLOSE) for a, b in pairs)
    )


def _state() -> list[tuple[bytes, int]]:
    """How far NumPy's own generator has come, and what gives others their seeds."""
    states = np.random.get_state(), state_of(STREAM)  # noqa: NPY002
    return [(np.asarray(key).tobytes(), int(place)) for _, key, place, *_ in states]
