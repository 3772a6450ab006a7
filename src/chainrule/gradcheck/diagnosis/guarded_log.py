"""Costs that keep their logarithm from 0, by a small number that is added or by a bound: gradients leave that out.

The cost is watched. Where a logarithm is taken of a value b that lies next to a value a which was formed before, a is
put into its place: this is the cost without the guard, and its slopes are what the gradient is held against. Where that
fails, and the cost was read as a net with such a number, it is held against the gradient of that net without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.diagnose import Case
from chainrule.gradcheck.diagnosis.evidence import is_right
from chainrule.gradcheck.diagnosis.watched import watched_values
from chainrule.gradcheck.numeric import directions
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from chainrule.gradcheck.numeric.differences import EPS
from chainrule.gradcheck.program.interface import Replacement, WatchedValue
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.program.source import ADAPTER

_LARGEST = 1e-3
"""How much a guard may change what the logarithm is taken of."""

_USUAL = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
_MOST_OF_A_SMALL_NUMBER = 1e-2
"""By how much, in norm, it can be thought to put a gradient off."""

_STEPS = (1e-4, 1e-5)
"""The longer one first: near a probability of 1 rounding counts a thousandfold. Only the shorter passes by kinks."""

_ROUNDINGS = 20
_HEARD = 1e-3
"""The part of a gradient, in norm, that rounding may hide."""

_NEARER = (0.3, 0.1)
"""The parts of parameters with which is tried what rounding hides at all points."""

_LOG_FOLLOWS_WITHIN = 8


class _Guard(NamedTuple):
    """Two evaluations, by their place among all: of what the logarithm is taken of, and of what that is without the
    guard (None where that stands nowhere by itself); and by how much they differ."""

    guarded: int
    plain: int | None
    added: Array


class Unguarded(NamedTuple):
    """A cost without its guard: what that is, in words, and the cost at a point; None where it is that of a net."""

    words: str
    cost: Callable[[Point], float] | None


def unguarded(case: Case, rng: np.random.Generator) -> Unguarded | None:
    """The cost without a guard of its logarithm, where the gradient is right at all points but for that; None where it
    is right without, or is not, or where there is no guard."""
    points = [checked for checked in case.points if checked.verdict != "right"]
    if not points:
        return None
    every = _guards_of_each(points, rng)
    if every and all(every):
        return Unguarded(_told(_how(every[0][0].added), points), lambda point: _cost_without(point, every[0]))
    if not every and (added := _added_nearer(points, rng)) is not None:
        # Where the points are, that cost has no value.
        return Unguarded(_told(_how(added), points), None)
    log_eps = case.evidence[0].reading.form.log_eps if case.evidence else 0.0
    if log_eps and all(map(is_right, case.evidence)):
        return Unguarded(_told(_adds(log_eps), points), None)
    return None


def _guards_of_each(points: Sequence[CheckedPoint], rng: np.random.Generator) -> list[list[_Guard]]:
    """Those of points; of one so far out that rounding hides all there are none to tell. Where the first one has told
    of each parameter by itself, the others tell of all at once."""
    every: list[list[_Guard]] = []
    for checked in points:
        guards = _guards_of(checked, rng, together=bool(every and every[0]))
        if guards is not None:
            every.append(guards)
    return every


def _added_nearer(points: Sequence[CheckedPoint], rng: np.random.Generator) -> Array | None:
    """What the guards add, where the gradient is right but for that nearer to where all parameters are 0; else None."""
    for part in _NEARER:
        if every := _guards_of_each([_nearer(checked, part, rng) for checked in points], rng):
            return every[0][0].added if all(every) else None
    return None


def _nearer(checked: CheckedPoint, part: float, rng: np.random.Generator) -> CheckedPoint:
    """A point nearer to where all parameters are 0, and so probabilities further from it."""
    return compare_at(checked.point.ahead(checked.point.arrays, part - 1), rng)


def _guards_of(
    checked: CheckedPoint, rng: np.random.Generator, *, together: bool = False
) -> list[_Guard] | None:
    """The guards without which the gradient is right at a point; none where there are none such, None where rounding
    hides what it is without them."""
    watched = watched_values(checked.point, "cost")
    small = max(tensor.difference for tensor in checked.tensors) <= _MOST_OF_A_SMALL_NUMBER
    drowned = False
    for guards in _tries(watched, _logarithms(watched), _USUAL if small else ()):
        steps = _steps(checked, guards)
        drowned |= not steps
        if any(_is_right_without(checked, guards, step, rng, together=together) for step in steps):
            return guards
    return None if drowned else []


def _how(added: Array) -> str:
    if np.ptp(added) <= 1e-3 * np.abs(added).max():
        return _adds(float(added.flat[0]))
    return "bounds what its logarithm is taken of"


def _adds(small: float) -> str:
    return f"adds {small:.3g} inside its logarithm"


def _told(how: str, points: Sequence[CheckedPoint]) -> str:
    """What a guard costs, in words."""
    largest = max(tensor.difference for checked in points for tensor in checked.tensors)
    return f"the cost {how}, by which it differs from its gradient by {largest:.1g}; the gradient is right but for that"


def _logarithms(watched: Sequence[WatchedValue]) -> list[int]:
    """The evaluations of which a logarithm is taken."""
    places = []
    for place, value in enumerate(watched):
        b = value.array
        if b.dtype.kind != "f" or not b.size or not (b > 0).all():
            continue
        after = (other.array for other in watched[place + 1 : place + 1 + _LOG_FOLLOWS_WITHIN])
        if any(other.shape == b.shape and np.allclose(other, np.log(b), 1e-12, 1e-14) for other in after):
            places.append(place)
    return places


def _tries(
    watched: Sequence[WatchedValue], places: Sequence[int], usual: Sequence[float]
) -> Iterator[list[_Guard]]:
    """What the guards may be: for each logarithm the last value before it that is nearly the same; where some have
    none, a usual small number."""
    if not places:
        return
    nearest = {place: _nearest(watched, place) for place in places}
    alone = [place for place, before in nearest.items() if before is None]
    pairs = [
        _Guard(place, before, watched[place].array - watched[before].array)
        for place, before in nearest.items()
        if before is not None
    ]
    if pairs:
        yield pairs
    for small in usual if alone else ():
        yield [*pairs, *(_Guard(place, None, np.full_like(watched[place].array, small)) for place in alone)]


def _nearest(watched: Sequence[WatchedValue], place: int) -> int | None:
    b = watched[place].array
    for before in range(place - 1, -1, -1):
        a = watched[before].array
        if a.shape == b.shape and 0 < np.abs(b - a).max() <= _LARGEST:
            return before
    return None


def _steps(checked: CheckedPoint, guards: Sequence[_Guard]) -> list[float]:
    """The steps over which the cost's slopes without its guards are more than rounding."""
    least = _HEARD * min(float(np.linalg.norm(g)) for g in checked.analytic)
    rounding = _rounding_without(checked.point, guards)
    return [step for step in _STEPS if rounding / step <= least]


def _is_right_without(
    checked: CheckedPoint,
    guards: Sequence[_Guard],
    step: float,
    rng: np.random.Generator,
    *,
    together: bool,
) -> bool:
    noise = _rounding_without(checked.point, guards) / step

    def slope(at: Point, v: Sequence[Array]) -> tuple[float, float]:
        def middle(h: float) -> float:
            return (_cost_without(at.ahead(v, h), guards) - _cost_without(at.ahead(v, -h), guards)) / (2 * h)

        # Richardson's extrapolation: what is left is of order h^4.
        return (4 * middle(step) - middle(2 * step)) / 3, noise

    return directions.agree(checked.point, checked.analytic, rng, slope, together=together)


def _rounding_without(point: Point, guards: Sequence[_Guard]) -> float:
    """What roundings make of the cost without its guards: a logarithm of what is nearly 0, such as 1 - S, multiplies
    it by as much as that is small; infinite at 0."""
    watched = _watched_again(point)
    smallest = min(float(_without(watched, guard).min()) for guard in guards)
    return _ROUNDINGS * EPS * max(abs(point.cost()), 1.0, 1 / smallest if smallest > 0 else np.inf)


def _cost_without(point: Point, guards: Sequence[_Guard]) -> float:
    watched = _watched_again(point)
    replacements = []
    for guard in guards:
        b = watched[guard.guarded]
        replacements.append(Replacement(b.site, b.occurrence, _without(watched, guard)))
    return point.cost(replacements)


def _watched_again(point: Point) -> list[WatchedValue]:
    """The values on the way to the cost of a program that has borne watching.

    Raises:
        TimeUpError: there was no time left to run it.
    """
    watched = point.program.trace(point.arrays, point.data, "cost", False)
    return [value for value in watched if value.line.file != ADAPTER]


def _without(watched: Sequence[WatchedValue], guard: _Guard) -> Array:
    """What a logarithm is taken of without its guard."""
    if guard.plain is None:
        return np.asarray(watched[guard.guarded].array - guard.added)
    return watched[guard.plain].array
