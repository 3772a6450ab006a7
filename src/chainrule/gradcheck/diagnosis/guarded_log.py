"""Costs that keep their logarithm from 0, by a small number that is added or by a bound: gradients leave that out.

The cost is watched. Where a logarithm is taken of a value b that lies next to a value a which was formed before, a is
put into its place: this is the cost without the guard, and its slopes are what the gradient is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.mending import watched_values
from chainrule.gradcheck.numeric import directions
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.numeric.differences import EPS
from chainrule.gradcheck.program.interface import Replacement, WatchedValue
from chainrule.gradcheck.program.point import Point

LARGEST = 1e-5
"""How much a guard may change what the logarithm is taken of."""

_STEP = 1e-5
_ROUNDINGS = 20
_LOG_FOLLOWS_WITHIN = 8


class _Guard(NamedTuple):
    """Two evaluations, by their place among all: of what the logarithm is taken of, and of what that is without the
    guard; and by how much they differ."""

    guarded: int
    plain: int
    added: Array


class Unguarded(NamedTuple):
    """A cost without its guard: what that is, in words, and the cost at a point."""

    words: str
    cost: Callable[[Point], float]


def unguarded(points: Sequence[CheckedPoint], rng: np.random.Generator) -> Unguarded | None:
    """The cost without a guard of its logarithm, where the gradient is right at all points but for that; None where it
    is not, or where there is no guard."""
    how = ""
    for checked in points:
        guards = list(_guards(watched_values(checked.point, "cost")))
        if not guards or not _is_right_without(checked, guards, rng):
            return None
        how = how or _how(guards[0].added)
    return Unguarded(told(how, points), lambda point: _cost_without(point, guards))


def _how(added: Array) -> str:
    if np.ptp(added) <= 1e-3 * np.abs(added).max():
        return f"adds {float(added.flat[0]):.3g} inside its logarithm"
    return "bounds what its logarithm is taken of"


def told(how: str, points: Sequence[CheckedPoint]) -> str:
    """What a guard costs, in words."""
    largest = max(tensor.difference for checked in points for tensor in checked.tensors)
    return f"the cost {how}, by which it differs from its gradient by {largest:.1g}; the gradient is right but for that"


def _guards(watched: Sequence[WatchedValue]) -> Iterator[_Guard]:
    """Evaluations of which a logarithm is taken, each with the last one before it that is nearly the same."""
    for place, value in enumerate(watched):
        b = value.array
        if b.dtype.kind != "f" or not b.size or not (b > 0).all():
            continue
        following = watched[place + 1 : place + 1 + _LOG_FOLLOWS_WITHIN]
        if any(
            other.array.shape == b.shape and np.allclose(other.array, np.log(b), 1e-12, 1e-14)
            for other in following
        ):
            for before in range(place - 1, -1, -1):
                a = watched[before].array
                if a.shape == b.shape and 0 < np.abs(b - a).max() <= LARGEST:
                    yield _Guard(place, before, b - a)
                    break


def _is_right_without(checked: CheckedPoint, guards: Sequence[_Guard], rng: np.random.Generator) -> bool:
    def slope(at: Point, v: Sequence[Array]) -> tuple[float, float]:
        sides = [
            at.with_arrays([a + sign * _STEP * b for a, b in zip(at.arrays, v, strict=True)])
            for sign in (1, -1)
        ]
        above, below = (_cost_without(side, guards) for side in sides)
        return (above - below) / (2 * _STEP), _ROUNDINGS * EPS * max(abs(above), 1.0) / _STEP

    return directions.agree(checked.point, checked.analytic, rng, slope)


def _cost_without(point: Point, guards: Sequence[_Guard]) -> float:
    watched = point.program.trace(point.arrays, point.data, "cost")
    pairs = [(watched[guard.guarded], watched[guard.plain]) for guard in guards]
    return point.cost([Replacement(b.site, b.occurrence, a.array) for b, a in pairs])
