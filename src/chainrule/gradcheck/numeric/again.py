"""A point that nobody could know, and one on the way to it: asked before the gradient is compared, and again after.

What a program answers may depend on its arguments alone. One that keeps the points at which it was asked, counts its
calls or looks at the clock gives other answers the second time. The point is drawn from the system's randomness, so
that no file can hold what would be right there; all else that is drawn follows from the seed.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import surroundings
from chainrule.gradcheck.program.point import Point

_SIZES = (1.0, 0.1, 0.01)
_SAME = 1e-10


@dataclass(frozen=True)
class Unseen:
    """Points, and what was answered there.

    Attributes:
        points: the drawn one, and the one on the way to it.
        costs: J at each of them.
        gradients: of the given point, as it was answered first of all, and of the drawn one.
    """

    points: list[Point]
    costs: list[float]
    gradients: list[tuple[Point, list[Array]]]

    def require_same(self) -> None:
        """Ask again, in another order.

        Raises:
            CheckError: something else is answered.
        """
        for point, before in reversed(self.gradients):
            now = point.gradient()
            if not all(_same(a, b) for a, b in zip(before, now, strict=True)):
                raise CheckError(
                    "the gradient: is another one when it is asked for again; it may depend on its arguments alone, "
                    "not on what was asked before, a count or the clock"
                )
        for point, cost in zip(self.points[::-1], self.costs[::-1], strict=True):
            again = point.cost()
            if not _same(np.array(cost), np.array(again)):
                raise CheckError(
                    f"the cost: was {cost:.10g} and is {again:.10g} at the same parameters, after it was asked at "
                    "others; it may depend on its arguments alone, not on what was asked before, a count or the clock"
                )


def ask(given: Point, gradient: list[Array]) -> Unseen:
    """Draw and ask.

    Args:
        given: the given point.
        gradient: what was answered there first.

    Raises:
        Exception: the cost has no value around the given point.
    """
    rng = np.random.default_rng()
    *further, nearest = _SIZES
    for size in further:
        with contextlib.suppress(Exception):
            return _asked(given, gradient, surroundings.moved(given, rng, size))
    return _asked(given, gradient, surroundings.moved(given, rng, nearest))


def _asked(given: Point, gradient: list[Array], drawn: Point) -> Unseen:
    middle = [0.5 * (a + b) for a, b in zip(given.arrays, drawn.arrays, strict=True)]
    points = [drawn, given.with_arrays(middle)]
    costs = [point.cost() for point in points]
    return Unseen(points, costs, [(given, gradient), (drawn, drawn.gradient())])


def _same(before: Array, now: Array) -> bool:
    size = max(float(np.linalg.norm(before)), float(np.linalg.norm(now)))
    return bool(float(np.linalg.norm(before - now)) <= _SAME * size)
