"""What a gradient adds up to along a path: between two points the cost differs by the integral of g . dp.

Differences over tiny steps tell what the cost does next to a point, and a cost can be made to do something else there
than elsewhere: at points where it was asked for a gradient, or where a single entry is moved. Over a path it cannot:
the costs at its corners are asked first, each side moves one parameter, and the last side leads back to the start, so
that a gradient of no function does not add up either. The integral is that of Gauss and Legendre with three nodes, its
error O(d^7) for sides of length d; where a side crosses kinks, another path is taken, and a shorter one.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import surroundings
from chainrule.gradcheck.numeric.differences import EPS
from chainrule.gradcheck.program.point import Point

_LENGTHS = (3e-2, 1e-2, 1e-3, 1e-4, 1e-4, 1e-4)
"""Of a path's sides, as parts of how far the entries of a parameter lie apart. Of the shortest, one in a hundred still
crosses a kink of a deep ReLU net: three of them, so that no right gradient is refused by bad luck."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)
_AGREES = 1e-3
_ROUNDINGS = 1e3


def require_adding_up(
    points: Sequence[Point],
    cost: Callable[[Point], float] | None = Point.cost,
    rng: np.random.Generator | None = None,
) -> None:
    """Follow paths from a point until the gradient adds up to what the cost changes by on every side of one.

    Args:
        points: where they may begin; they do at the first one that the cost has a value at.
        cost: the cost at a point; the user's, or what is known to be meant. None where the gradient is accepted as that
            of another one: then it has to add up to nothing on the way back to the start, as every gradient does.
        rng: of the paths; of the system's randomness by default, which no cost can know.

    Raises:
        CheckError: it does on none.
    """
    rng = rng or np.random.default_rng()
    at = points[0] if cost is None else _with_a_cost(points, cost)
    for length in _LENGTHS:
        gaps = _gaps(_corners(surroundings.beside(at, rng), length, rng), cost)
        if all(change_of <= tolerance for change_of, _, tolerance in gaps):
            return
    gap, change, _ = max(gaps, key=lambda gap: gap[0] - gap[2])
    raise CheckError(
        f"the cost: changes by {change:.4g} on a path where the gradient is off by {gap:.4g} in all, though they agree "
        "next to single points; it may depend on its arguments alone, and must not bend wherever it is asked"
    )


def _with_a_cost(points: Sequence[Point], cost: Callable[[Point], float]) -> Point:
    """The first point that a cost has a value at: without its guard, a logarithm need not have one far out."""
    for point in points:
        with contextlib.suppress(CheckError):
            cost(point)
            return point
    return points[0]


def _corners(at: Point, length: float, rng: np.random.Generator) -> list[Point]:
    """The corners of a path: each parameter is moved once, and then all of them back."""
    end = surroundings.moved(at, rng, length / surroundings.SPREAD)
    corners = [at]
    for leaf, array in enumerate(end.arrays):
        arrays = list(corners[-1].arrays)
        arrays[leaf] = array
        corners.append(at.with_arrays(arrays))
    return [*corners, at]


def _gaps(
    corners: Sequence[Point], cost: Callable[[Point], float] | None
) -> list[tuple[float, float, float]]:
    """For each side the gap between the cost's change and the integral, the change, and what the gap may be; without a
    cost, the same for all sides together."""
    # Before any gradient: a cost may do something else where it has been asked for one.
    costs = [cost(corner) for corner in corners] if cost is not None else None
    integrals = [_integral(start, end) for start, end in itertools.pairwise(corners)]
    if costs is None:
        total, sizes, roundings = (sum(parts) for parts in zip(*integrals, strict=True))
        return [(abs(total), 0.0, _AGREES * sizes + roundings)]
    noise = _ROUNDINGS * EPS * max(map(abs, costs))
    changes = [after - before for before, after in itertools.pairwise(costs)]
    return [
        (abs(change - total), change, _AGREES * max(abs(change), size) + noise + rounding)
        for change, (total, size, rounding) in zip(changes, integrals, strict=True)
    ]


def _integral(start: Point, end: Point) -> tuple[float, float, float]:
    """What the gradient adds up to on a side, the largest of what it was added up from, and their rounding."""
    side = [b - a for a, b in zip(start.arrays, end.arrays, strict=True)]
    total, size, rounding = 0.0, 0.0, 0.0
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        gradient = start.ahead(side, 0.5 * (1 + node)).gradient()
        slope = sum(float(np.vdot(g, v)) for g, v in zip(gradient, side, strict=True))
        total += 0.5 * weight * slope
        size = max(size, abs(slope))
        rounding = max(rounding, _ROUNDINGS * _rounding(gradient, side))
    return total, size, rounding


def _rounding(gradient: Sequence[Array], side: Sequence[Array]) -> float:
    """What one rounding of a gradient makes of its product with a side."""
    precision = max(float(np.finfo(g.dtype).eps) if g.dtype.kind == "f" else EPS for g in gradient)
    largest = max(float(np.abs(g).max(initial=0.0)) for g in gradient)
    return precision * largest * max(float(np.linalg.norm(v)) for v in side)
