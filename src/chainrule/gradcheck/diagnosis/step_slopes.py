"""The slopes of the steps of the way forward that treat each entry by itself: the derivative of a later value by an
earlier one, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.true_values import TrueValue, TrueValues
from chainrule.gradcheck.program.interface import WatchedValue

_STEP = 1e-5
"""How far values are moved."""

_MOST_MOVED = 30
"""By how many values slopes are taken."""


class StepSlope(NamedTuple):
    """The derivative of a value by another one, entry by entry."""

    of: WatchedValue
    by: WatchedValue
    array: Array


def is_elementwise(values: TrueValues, true: TrueValue, later: TrueValue) -> bool:
    """Whether each entry of a later value is made of the same entry of a value alone."""
    half = _half(true.at.array)
    after = values.with_moved(true.at, 0.01 * half).get((later.at.site, later.at.occurrence))
    return (
        true.at.array.size > 1 and after is not None and np.array_equal(after[~half], later.at.array[~half])
    )


def slopes(true: TrueValues, size: int) -> list[StepSlope]:
    """The derivatives of later values by earlier ones of a size, where each entry is made of the same entry alone."""
    values = [each.at for each in true.every if not each.is_use and each.at.array.size == size]
    parameters = map(true.parameter_value, range(len(true.point.arrays)))
    every = [*(at for at in parameters if at.array.size == size), *values]
    return [slope for by in every[:_MOST_MOVED] for slope in _slopes_by(true, by, values)]


def _slopes_by(true: TrueValues, by: WatchedValue, values: Sequence[WatchedValue]) -> Iterator[StepSlope]:
    half = _half(by.array)
    ahead, behind, apart = (true.with_moved(by, way) for way in (_STEP, -_STEP, 0.01 * half))
    for of in values:
        key = of.site, of.occurrence
        if (
            of is by
            or of.array.shape != by.array.shape
            or not all(key in seen for seen in (ahead, behind, apart))
        ):
            continue
        slope = (ahead[key] - behind[key]) / (2 * _STEP)
        if slope.any() and np.array_equal(apart[key][~half], of.array[~half]):
            yield StepSlope(of, by, slope)


def _half(array: Array) -> Array:
    """Every other entry."""
    other: Array = np.arange(array.size).reshape(array.shape) % 2 == 0
    return other
