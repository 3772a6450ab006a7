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

_MOST_VALUES = 60


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
            yield NamedBug(
                WRONG_FACTOR, f"{words}, the root of {size}, which is what is counted along an axis"
            )
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
    if g.ndim == 2 and g.shape[0] == g.shape[1] and close_to(g, r.T, r):
        yield NamedBug(TRANSPOSED, "it is the transpose of the right value")
    yield from _shifted(g, r)
    for axis in range(g.ndim if g.shape == r.shape else 0):
        its, others = (np.moveaxis(array, axis, 0).reshape(g.shape[axis], -1) for array in (g, r))
        if its.shape[1] > 1 < len(its) and all(
            any(close_to(own, other, r) for other in others) for own in its
        ):
            yield NamedBug(VALUES_SWAPPED, f"it is right but for the order along axis {axis}")
    yield NamedBug(RESHAPED, "it has the entries of the right value in another order")


def _shifted(g: Array, r: Array) -> Iterator[NamedBug]:
    for axis, n in enumerate(g.shape):
        if n > 2 and g.shape == r.shape:
            front, back = np.arange(n - 1), np.arange(1, n)
            for there, here in ((front, back), (back, front)):
                if close_to(g.take(there, axis), r.take(here, axis), r):
                    yield NamedBug(SHIFTED_BY_ONE, f"its entries stand one place further along axis {axis}")


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
        yield from _mask_and_factor(g, r, off)
    elif np.all(off[differ]):
        yield NamedBug(MASK_MISSING, f"{int(differ.sum())} of {g.size} entries are not 0 and should be")
    elif np.all((np.abs(g[differ]) <= noise) | off[differ]):
        yield NamedBug(
            MASK_WRONG,
            f"{int(differ.sum())} of {g.size} entries are 0 and should not be, or the other way round",
        )


def _mask_and_factor(g: Array, r: Array, off: Array) -> Iterator[NamedBug]:
    """No entry is right, as a mask is missing and the others are multiples."""
    if off.any() and (times := multiple(g[~off], r[~off])):
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
            yield NamedBug(WRONG_VALUE, f"it has the factor {shown(each, case.true.every)} too many")
            return
        if spread_same(1 / each.at.array, q):
            yield NamedBug(WRONG_VALUE, f"it lacks the factor {shown(each, case.true.every)}")
            return
    for one, other in itertools.permutations(values[:_MOST_VALUES], 2):
        if one.at.array.shape == other.at.array.shape and spread_same(one.at.array / other.at.array, q):
            yield NamedBug(
                WRONG_VALUE,
                f"it has the factor {shown(one, case.true.every)} in the place of {shown(other, case.true.every)}",
            )
            return
