"""Every entry of a gradient by itself: central and forward differences, the complex step, and how far they differ.

For code that can tell fast what its cost becomes when a single entry changes, and whether a kink (of a ReLU, of a
hinge) lies in between. Across a kink a difference quotient is no derivative: any value between the one-sided slopes is
right there.

Steps are h = cbrt(eps) max(1, |x|) for central differences, sqrt(eps) max(1, |x|) for forward ones and one-sided
slopes, where truncation and rounding balance; quotients divide by the step that was really taken, (x + h) - (x - h).
The complex step subtracts nothing, so h = 1e-20 leaves rounding alone (Squire and Trapp, 1998).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.comparison import FAIL, PASS
from chainrule.gradcheck.numeric.differences import CENTRAL_STEP, COMPLEX_STEP, EPS
from chainrule.gradcheck.numeric.methods import FORWARD_STEP, SMALL, apart
from chainrule.gradcheck.result import Discrepancy
from chainrule.records.gradients import GradientVerdict

CostChanges = Callable[[Array, Array], tuple[Array, Array]]
"""Given places (n,) in a parameter and a new value for each, (n,): by how much the cost moves when that entry alone
takes it, (L, n) for L costs, and whether a kink lies between, (n,)."""

ROUNDING = 4.0
"""Rounding errors of size eps |J| that one slope may hold."""


@dataclass(frozen=True)
class Entries:
    """Entries of one parameter, and the costs that depend on them.

    Attributes:
        index: places in the flattened parameter, (n,).
        at: their values, (n,).
        cost: J of the unchanged net, (L,); of one net there may be several, one for each l2.
        changes: see :data:`CostChanges`.
    """

    index: Array
    at: Array
    cost: Array
    changes: CostChanges

    def __getitem__(self, places: Array) -> Entries:
        """Some of the entries."""
        return replace(self, index=self.index[places], at=self.at[places])


@dataclass(frozen=True)
class NumericSlopes:
    """Numeric slopes of one cost along n entries.

    Attributes:
        slope: (n,).
        low, high: what a right gradient lies between, (n,): the one-sided slopes at a kink, elsewhere ``slope`` itself.
        kinks: where a kink lies within the step, (n,).
        noise: rounding error that ``low`` and ``high`` may hold, (n,).
    """

    slope: Array
    low: Array
    high: Array
    kinks: Array
    noise: Array

    def __getitem__(self, places: Array) -> NumericSlopes:
        """Those along some of the entries."""
        return NumericSlopes(
            self.slope[places], self.low[places], self.high[places], self.kinks[places], self.noise[places]
        )


def central(entries: Entries) -> list[NumericSlopes]:
    """(J(x + h) - J(x - h)) / ((x + h) - (x - h)) of every entry, for each cost; the error is of order h^2."""
    above, below = _steps(entries.at, CENTRAL_STEP)
    rise, kinks_above = entries.changes(entries.index, above)
    fall, kinks_below = entries.changes(entries.index, below)
    return _slopes(entries, (rise - fall) / (above - below), kinks_above | kinks_below, CENTRAL_STEP)


def resolution(cost: float) -> float:
    """The least slope but 0 that a central difference of two costs near ``cost`` can show, for h without its |x|.

    Costs are whole multiples of a unit in the last place of theirs, so a quotient is a multiple of that unit / 2h.
    """
    return float(np.spacing(abs(cost)) / (2 * CENTRAL_STEP))


def forward(entries: Entries) -> list[NumericSlopes]:
    """(J(x + h) - J(x)) / ((x + h) - x) of every entry, for each cost; the error is of order h."""
    above, _ = _steps(entries.at, FORWARD_STEP)
    rise, kinks = entries.changes(entries.index, above)
    return _slopes(entries, rise / (above - entries.at), kinks, FORWARD_STEP)


def complex_step(entries: Entries) -> list[NumericSlopes]:
    """Im J(x + ih) / h of every entry, for each cost: no truncation, no cancellation.

    So small a step crosses a kink only where the net stands on it.
    """
    moved, kinks = entries.changes(entries.index, entries.at + 1j * COMPLEX_STEP)
    return _slopes(entries, moved.imag / COMPLEX_STEP, kinks, 1.0)


def _steps(x: Array, size: float) -> tuple[Array, Array]:
    """x + h and x - h with h = size max(1, |x|)."""
    h = size * np.maximum(1.0, np.abs(x))
    return x + h, x - h


def _slopes(entries: Entries, slope: Array, kinks: Array, step: float) -> list[NumericSlopes]:
    """The slopes of each cost, from those (L, n) of all; rounding of J moves a quotient by ``step`` as noise says."""
    low, high = slope.copy(), slope.copy()
    if kinks.any():
        low[:, kinks], high[:, kinks] = _one_sided(entries, kinks)
    noise = ROUNDING * EPS * np.abs(entries.cost)[:, np.newaxis] / np.where(kinks, FORWARD_STEP, step)
    return [
        NumericSlopes(slope[cost], low[cost], high[cost], kinks, noise[cost]) for cost in range(len(noise))
    ]


def _one_sided(entries: Entries, where: Array) -> tuple[Array, Array]:
    """The smaller and the larger of the slopes to the left and to the right of some entries, (L, m) each."""
    index, at = entries.index[where], entries.at[where]
    above, below = _steps(at, FORWARD_STEP)
    right = entries.changes(index, above)[0] / (above - at)
    left = entries.changes(index, below)[0] / (below - at)
    return np.minimum(left, right), np.maximum(left, right)


def discrepancy(
    values: Array, numeric: NumericSlopes, eps: float = SMALL, below: float = SMALL
) -> Discrepancy:
    """Compare n values, (n,), with the numeric slopes of the same entries; ``below``: the threshold of the share."""
    nearest = np.clip(values, numeric.low, numeric.high)
    return apart(values, nearest, int(numeric.kinks.sum()), eps, below)


def judge(values: Array, numeric: NumericSlopes) -> GradientVerdict:
    """What the gradient of one parameter is worth, by norms over its entries.

    ``zero``: neither gradient rises above rounding noise, as of a bias in front of batch norm. Else the part of
    |a - n| that noise cannot explain, over the larger of |a| and |n|, is ``right`` below 1e-7, ``suspect`` below 1e-4
    and ``wrong`` above.
    """
    nearest = np.clip(values, numeric.low, numeric.high)
    noise = _norm(numeric.noise)
    size = max(_norm(values), _norm(nearest))
    if size <= noise:
        return "zero"
    error = (_norm(values - nearest) - noise) / size
    # What is not a number compares as false and is wrong.
    return "right" if error < PASS else "suspect" if error < FAIL else "wrong"


def _norm(values: Array) -> float:
    return float(np.linalg.norm(values))
