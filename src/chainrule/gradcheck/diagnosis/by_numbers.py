"""What is wrong with a value, told from its numbers and those that it should have: a factor, another order, a mask."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.any_backward import (
    MASK_MISSING,
    MASK_WRONG,
    SHIFTED_BY_ONE,
    VALUES_SWAPPED,
    WRONG_FACTOR,
    WRONG_VALUE,
)
from chainrule.gradcheck.catalogue.backpropagation import RESHAPED, TRANSPOSED
from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.diagnosis.evidence import multiple
from chainrule.gradcheck.diagnosis.odd_value import NOISE, NamedBug, OddValue, close_to, shown, spread_same

_MOST_VALUES, _MOST_AXES = 60, 4
_FURTHEST, _MOST_WAYS = 3, 3000
_SMALLEST_GRID = 4


def factor(case: OddValue) -> Iterator[NamedBug]:
    """All values of a place are the right ones times one number."""
    given = np.concatenate([v.array.reshape(-1) for v in case.place.given])
    right = np.concatenate([v.reshape(-1) for v in case.place.right])
    times = multiple(given, right)
    if not times:
        return
    words = f"{times:.6g} x the right value"
    if np.isclose(times, -1):
        yield NamedBug(WRONG_SIGN, words)
        return
    for size in sorted(_counts(case)):
        if any(np.isclose(times, c) for c in (size, 1 / size)):
            yield NamedBug(WRONG_FACTOR, f"{words}; {size} is what is counted along an axis or two")
        if any(np.isclose(times, c) for c in (size**0.5, size**-0.5)):
            root = f"{size}, which" if np.isclose(times, size**0.5) else f"1/{size}; {size}"
            yield NamedBug(WRONG_FACTOR, f"{words}, the root of {root} is what is counted along an axis")
    yield NamedBug(WRONG_FACTOR, words)


def _counts(case: OddValue) -> set[int]:
    """How many entries there are along one axis of a value, or along several together."""
    shapes = {each.at.array.shape for each in case.true.every}
    chosen = (
        axes
        for shape in shapes
        for n in range(1, len(shape) + 1)
        for axes in itertools.combinations(shape, n)
    )
    return {math.prod(axes) for axes in chosen} - {1}


def order(case: OddValue) -> Iterator[NamedBug]:
    """The entries are the right ones in another order."""
    g, r = case.given, case.right
    if g.size < 2 or not close_to(np.sort(g, axis=None), np.sort(r, axis=None), r):
        yield from _shifted(g, r)
        return
    yield from _turned(g, r)
    yield from _shifted(g, r)
    for axis in range(g.ndim if g.shape == r.shape else 0):
        yield from _along(axis, g, r)
    yield NamedBug(RESHAPED, "it has the entries of the right value in another order")


def _turned(g: Array, r: Array) -> Iterator[NamedBug]:
    """The axes stand in another order."""
    for axes in itertools.permutations(range(g.ndim)) if 1 < g.ndim <= _MOST_AXES else ():
        if axes != tuple(range(g.ndim)) and close_to(g, r.transpose(axes), r):
            whole = "it is the transpose of the right value"
            yield NamedBug(
                TRANSPOSED,
                whole if g.ndim == 2 else f"it is the right value with its axes in the order {axes}",
            )
            return


def _along(axis: int, g: Array, r: Array) -> Iterator[NamedBug]:
    """What lies along an axis stands in another order there: swapped, or in that of a transpose which was flattened."""
    its, others = (np.moveaxis(array, axis, 0).reshape(g.shape[axis], -1) for array in (g, r))
    n = len(its)
    if n < 2 or its.shape[1] < 2 or not all(any(close_to(own, other, r) for other in others) for own in its):
        return
    for rows in (rows for rows in range(2, n) if n % rows == 0 and n > _SMALLEST_GRID):
        flattened = np.arange(n).reshape(rows, -1).T.reshape(-1)
        if close_to(its, others[flattened], r):
            yield NamedBug(RESHAPED, f"it is right but for the order along axis {axis}, that of a transpose")
            return
    yield NamedBug(VALUES_SWAPPED, f"it is right but for the order along axis {axis}")


def _shifted(g: Array, r: Array) -> Iterator[NamedBug]:
    """Half the entries or more stand some places further along an axis, or several."""
    if g.shape != r.shape:
        return
    # Two rows that are swapped are not shifted.
    most = [min(n // 2, _FURTHEST) if n > 2 else 0 for n in g.shape]
    far = [range(-n, n + 1) for n in most]
    ways = sorted(itertools.product(*far), key=lambda way: (np.count_nonzero(way), sum(map(abs, way))))
    for way in ways[1:] if math.prod(map(len, far)) <= _MOST_WAYS else ():
        there = g[tuple(slice(max(d, 0), n + min(d, 0)) for d, n in zip(way, g.shape, strict=True))]
        place = tuple(slice(max(-d, 0), n + min(-d, 0)) for d, n in zip(way, g.shape, strict=True))
        here = r[place]
        # What is the same in every row may stand anywhere.
        if _tells(here) and close_to(there, here, r) and not close_to(g[place], there, r):
            moved = " and ".join(f"{d} along axis {axis}" for axis, d in enumerate(way) if d)
            yield NamedBug(SHIFTED_BY_ONE, f"its entries stand where others belong: further by {moved}")
            return


def _tells(overlap: Array) -> bool:
    """Whether it is more than one number all over, and 0."""
    return len(np.unique(overlap[overlap != 0])) > 1


def mask(case: OddValue) -> Iterator[NamedBug]:
    """The entries are right but where they or the right ones are 0; or all but these have one factor."""
    g, r = case.given, case.right
    if g.shape != r.shape:
        return
    noise = NOISE * np.abs(r).max(initial=0)
    differ, off = np.abs(g - r) > noise, np.abs(r) <= noise
    if not differ.any():
        return
    if differ.all():
        yield from _mask_and_factor(case, g, r, off)
    elif np.all(off[differ]):
        yield NamedBug(MASK_MISSING, f"{int(differ.sum())} of {g.size} entries are not 0 and should be")
    elif np.all((np.abs(g[differ]) <= noise) | off[differ]):
        yield NamedBug(
            MASK_WRONG,
            f"{int(differ.sum())} of {g.size} entries are 0 and should not be, or the other way round",
        )
    elif g[off].any() and case.mends(np.where(off, 0, g)):
        yield NamedBug(MASK_MISSING, f"{int(off.sum())} of {g.size} entries are not 0 and should be")


def _mask_and_factor(case: OddValue, g: Array, r: Array, off: Array) -> Iterator[NamedBug]:
    """No entry is right, as a mask is missing and the others are multiples."""
    if off.any() and (times := multiple(g[~off], r[~off])):
        if case.mends(g / times):
            # What a later step cuts off need not be 0.
            yield NamedBug(WRONG_FACTOR, f"{times:.6g} x the right value, where that makes a difference")
            return
        yield NamedBug(
            MASK_MISSING,
            f"{int(off.sum())} of {g.size} entries are not 0 and should be; the others are {times:.6g} x what is right",
        )


def ratio(case: OddValue) -> Iterator[NamedBug]:
    """The value has another value of the way forward for a factor too many, too few, or in the place of another."""
    if case.given.shape != case.right.shape:
        return
    q = case.given / case.right
    if not np.isfinite(q).all():
        return
    values = [each for each in case.true.every if not each.is_use]
    for each in values:
        if spread_same(each.at.array, q):
            yield NamedBug(WRONG_FACTOR, f"it has the factor {shown(each, case.true.every)} too many")
            return
        if spread_same(1 / each.at.array, q):
            yield NamedBug(WRONG_FACTOR, f"it lacks the factor {shown(each, case.true.every)}")
            return
    for one, other in itertools.permutations(values[:_MOST_VALUES], 2):
        if one.at.array.shape == other.at.array.shape and spread_same(one.at.array / other.at.array, q):
            yield NamedBug(
                WRONG_VALUE,
                f"it has the factor {shown(one, case.true.every)} in the place of {shown(other, case.true.every)}",
            )
            return
