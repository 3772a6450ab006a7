"""Numeric derivatives of a program's cost: the complex step where the cost allows it, else central differences.

Complex step (Squire and Trapp, 1998): J(p + i h v) = J(p) + i h v . grad J + O(h^2), so the imaginary part over h is
the derivative with no difference of two large numbers in it; h = 1e-20 leaves the error at rounding. Comparisons and
maxima follow the real part, so no kink is crossed. A cost that casts to real numbers, or takes absolute values or
norms, breaks it without a word: each tensor is therefore held against central differences along some directions.

Central differences: (J(x + h) - J(x - h)) / ((x + h) - (x - h)) with h = cbrt(eps) max(1, |x|).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.point import Point

EPS = float(np.finfo(np.float64).eps)
COMPLEX_STEP = 1e-20
CENTRAL_STEP = float(np.cbrt(EPS))

_SHORTEST = 1e-7
_DIRECTIONS = 4
_AGREES = 1e-6
"""How far a complex step may lie from a central difference along one direction before it is not believed."""


Scheme = Literal["complex step", "central differences", "the gradient of that net"]
"""What a gradient is held against: a numeric one, or that of the net which the cost was read as."""


@dataclass(frozen=True)
class Numeric:
    """Numeric gradients, one array for each leaf, the name of the scheme, and the noise of an entry."""

    arrays: list[Array]
    scheme: Scheme
    floor: float


def realised_steps(x: Array, size: float) -> Array:
    """The steps h >= size max(1, |x|) that (x + h) - x really takes, for each entry of ``x``."""
    h = size * np.maximum(1.0, np.abs(x))
    steps: Array = (x + h) - x
    return steps


def gradient(at: Point, rng: np.random.Generator) -> Numeric:
    """Every entry of every leaf, by the best scheme that the cost allows."""
    exact = by_complex_step(at, rng)
    return exact if exact is not None else by_central_differences(at)


def by_complex_step(at: Point, rng: np.random.Generator) -> Numeric | None:
    """Every entry by the complex step; None where the cost does not carry complex numbers through."""
    if not carries_complex(at, rng):
        return None
    try:
        costs = [
            at.costs(leaf, np.arange(array.size), np.full(array.size, 1j * COMPLEX_STEP))
            for leaf, array in enumerate(at.arrays)
        ]
    except Exception:
        return None
    values = [(c.imag / COMPLEX_STEP).reshape(a.shape) for c, a in zip(costs, at.arrays, strict=True)]
    largest = max((float(np.abs(v).max(initial=0.0)) for v in values), default=0.0)
    cost = next((abs(c.real[0]) for c in costs if c.size), 0.0)
    return Numeric(values, "complex step", 1e-13 * max(largest, cost))


def carries_complex(at: Point, rng: np.random.Generator) -> bool:
    """Whether complex steps agree with central differences along some directions in each leaf."""
    for leaf, _ in itertools.product(range(len(at.arrays)), range(_DIRECTIONS)):
        direction = [np.zeros_like(a) for a in at.arrays]
        shape = at.arrays[leaf].shape
        # Of one size, slopes that are lost could cancel, as those of absolute values do.
        uneven = 1 + 0.5 * np.cos(np.arange(1.0, at.arrays[leaf].size + 1)).reshape(shape)
        direction[leaf] = rng.choice([-1.0, 1.0], shape) * uneven
        try:
            exact = at.along(direction, np.array([1j * COMPLEX_STEP]))
        except Exception:
            # Code that cannot take complex numbers fails in as many ways as there is code.
            return False
        if not np.iscomplexobj(exact):
            return False
        if not _confirmed(at, direction, float(exact[0].imag / COMPLEX_STEP)):
            return False
    return True


def _confirmed(at: Point, direction: Sequence[Array], slope: float) -> bool:
    """Whether a slope lies between the one-sided ones, for steps that get smaller: kinks keep these apart."""
    centre = at.cost()
    for h in (1e-5, 1e-6, _SHORTEST):
        above, below = at.both_sides(direction, h)
        low, high = sorted(((above - centre) / h, (centre - below) / h))
        middle, noise = 0.5 * (low + high), 1e-6 + 10 * EPS * abs(centre) / h
        # Longer steps would take what lies between the slopes of a mere curve.
        beside_a_kink = h == _SHORTEST and low - noise <= slope <= high + noise
        if abs(slope - middle) <= _AGREES * abs(middle) + noise or beside_a_kink:
            return True
    return False


def by_central_differences(at: Point) -> Numeric:
    """Every entry by central differences.

    The terms of a cost may be much larger than their sum, and are what is rounded: that of a product with an array is
    as large as the array times its slope.
    """
    values, size = [], max(abs(at.cost()), 1e-300)
    for leaf, array in enumerate(at.arrays):
        slopes, costs = _central(at, leaf, np.arange(array.size), CENTRAL_STEP)
        terms = float(np.abs(slopes * array.reshape(-1)).sum())
        size = max(size, float(np.abs(costs).max(initial=0.0)), terms)
        values.append(slopes.reshape(array.shape))
    return Numeric(values, "central differences", 10 * EPS * size / CENTRAL_STEP)


def extrapolated(at: Point, leaf: int, entries: Array, given: Array, times: int) -> Array:
    """Central differences of some entries (flat), extrapolated some times to shorter steps (Romberg).

    Where the cost curves within a step, as behind a batch norm of small deviation, the error falls from h^2 to h^4,
    and to h^6 the second time.

    Args:
        at: the point.
        leaf: the tensor.
        entries: which of its entries.
        given: their differences with the usual step h, to which those with h / 2 come, and with h / 4.
        times: how often.
    """
    halves = (CENTRAL_STEP / 2**half for half in range(1, times + 1))
    levels = [given, *(_central(at, leaf, entries, size)[0] for size in halves)]
    for order in range(1, times + 1):
        levels = [(4**order * b - a) / (4**order - 1) for a, b in itertools.pairwise(levels)]
    return levels[0]


def _central(at: Point, leaf: int, entries: Array, size: float) -> tuple[Array, Array]:
    """Central differences of some entries (flat) of a leaf, and the costs above them."""
    x = at.arrays[leaf].reshape(-1)[entries]
    steps = realised_steps(x, size)
    above = np.real(at.costs(leaf, entries, steps))
    below = np.real(at.costs(leaf, entries, -steps))
    return (above - below) / ((x + steps) - (x - steps)), above


@dataclass(frozen=True)
class OneSided:
    """One-sided slopes of one entry at a step h: from below and from above."""

    below: float
    above: float
    h: float

    @property
    def gap(self) -> float:
        """How far they lie apart."""
        return abs(self.above - self.below)

    @property
    def middle(self) -> float:
        """The value halfway between them."""
        return 0.5 * (self.above + self.below)


def one_sided(at: Point, leaf: int, entries: Array, size: float) -> list[OneSided]:
    """The slopes left and right of each of some entries (flat) at one size of step."""
    x = at.arrays[leaf].reshape(-1)[entries]
    steps, centre = realised_steps(x, size), at.cost()
    above = (at.costs(leaf, entries, steps) - centre) / steps
    below = (centre - at.costs(leaf, entries, -steps)) / steps
    return [OneSided(*map(float, each)) for each in zip(below, above, steps, strict=True)]


def taylor_order(at: Point, analytic: Sequence[Array], rng: np.random.Generator) -> float:
    """The order at which J(p + t v) - J(p) - t g . v falls with t: 2 for the right gradient, 1 for a wrong one.

    Raises:
        CheckError: the remainder is noise at every t.
    """
    direction = [rng.standard_normal(a.shape) for a in at.arrays]
    slope = sum(float(np.vdot(g, v)) for g, v in zip(analytic, direction, strict=True))
    steps = 10.0 ** np.arange(-2.0, -6.0, -0.5)
    centre = at.cost()
    remainders = np.abs(at.along(direction, steps) - centre - steps * slope)
    heard = remainders > 1e3 * EPS * max(abs(centre), 1.0)
    if heard.sum() < 3:
        raise CheckError("the Taylor remainder: is noise at every step")
    order, _ = np.polyfit(np.log(steps[heard][-3:]), np.log(remainders[heard][-3:]), 1)
    return float(order)
