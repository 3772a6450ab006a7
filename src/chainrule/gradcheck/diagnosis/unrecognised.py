"""Causes from numbers alone, for costs that were not recognised: what fits any function of any parameters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import RESHAPED, SWAPPED, TRANSPOSED
from chainrule.gradcheck.catalogue.bias import BIAS_MEAN_NOT_SUM, BIAS_RECIPROCAL, BIAS_SUMMED_OVER_ALL
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import (
    DOUBLE_BATCH_MEAN,
    HARD_WIRED_BATCH_SIZE,
    MISSING_BATCH_MEAN,
    WRONG_SIGN,
)
from chainrule.gradcheck.catalogue.penalty import (
    BIAS_REGULARISED,
    REGULARISER_DOUBLE,
    REGULARISER_HALF,
    REGULARISER_MISSING,
    REGULARISER_SCALED,
    REGULARISER_SIGN,
)
from chainrule.gradcheck.diagnosis.evidence import PLAUSIBLE, multiple, same
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.result import Cause

_REGULARISERS = {
    REGULARISER_MISSING: 0.0,
    REGULARISER_HALF: 0.5,
    REGULARISER_DOUBLE: 2.0,
    REGULARISER_SIGN: -1.0,
}

Said = list[tuple[Bug, str]]
"""A bug and what was measured; empty where nothing fits."""


def causes(points: Sequence[CheckedPoint]) -> list[Cause]:
    """Signatures that hold for every wrong tensor at every wrong point."""
    wrong = [checked for checked in points if checked.verdict != "right"]
    leaves = [i for i, t in enumerate(wrong[0].tensors) if t.verdict != "right"]
    with_l2 = [checked for checked in wrong if checked.point.l2]
    # Without l2 nothing is added to the data's part, whose factor is then the whole gradient's.
    bare = [checked for checked in wrong if not checked.point.l2] or wrong
    said = [
        *_same_factor(bare, leaves),
        *_swapped(bare, leaves),
        *_other_order(bare, leaves),
        *_bias(bare, leaves),
    ]
    if len(with_l2) == len(wrong):
        said += _penalty(with_l2, leaves, _penalty_of_the_cost(points, leaves))
    # The later ones ask for more, and come first.
    measured = dict(reversed(said))
    return [bug.cause(wrong[0].names_not_right, PLAUSIBLE, words) for bug, words in measured.items()]


def _pairs(checked: CheckedPoint, leaves: Sequence[int]) -> list[tuple[Array, Array]]:
    return [(checked.analytic[i].astype(float), checked.numeric[i]) for i in leaves]


def _is_vector(array: Array) -> bool:
    return max(array.shape, default=1) == array.size


def _factor(checked: CheckedPoint, leaves: Sequence[int]) -> float | None:
    """a with g = a n in all those tensors."""
    g, n = (
        np.concatenate([a.reshape(-1) for a in arrays])
        for arrays in zip(*_pairs(checked, leaves), strict=True)
    )
    return multiple(g, n)


def _same_factor(points: Sequence[CheckedPoint], leaves: Sequence[int]) -> Said:
    """The gradient is a multiple of the numeric one, by what depends on the batch size or does not."""
    factors = np.array([a for checked in points if (a := _factor(checked, leaves)) is not None])
    if len(factors) < len(points):
        return []
    roles = points[0].point.roles
    shown = f"{factors[0]:.6g} x the numeric gradient"
    if _close(factors, -1.0):
        return [(WRONG_SIGN, shown)]
    if roles is None:
        return []
    sizes = np.array([float(roles.samples(checked.point.data)) for checked in points])
    if _close(factors, sizes):
        return [(MISSING_BATCH_MEAN, f"{shown}: not divided by the batch size")]
    if _close(factors, 1 / sizes):
        vectors = all(_is_vector(points[0].point.arrays[i]) for i in leaves)
        bug = BIAS_MEAN_NOT_SUM if vectors and len(leaves) < len(points[0].point.names) else DOUBLE_BATCH_MEAN
        return [(bug, f"{shown}: divided by the batch size once too often")]
    if np.ptp(sizes) > 0 and factors.all() and _close(factors / sizes, factors[0] / sizes[0]):
        return [(HARD_WIRED_BATCH_SIZE, f"{shown}, in proportion to the batch size: divided by a constant")]
    return []


def _close(factors: Array, wanted: Array | float) -> bool:
    return np.allclose(factors, wanted, rtol=1e-6, atol=0.0)


def _swapped(points: Sequence[CheckedPoint], leaves: Sequence[int]) -> Said:
    """Each wrong tensor's gradient is that of another parameter."""
    partners, names = [], points[0].point.names
    for i in leaves:
        others = [j for j in range(len(names)) if j != i and all(_is_of(p, i, j) for p in points)]
        if not others:
            return []
        partners.append(f"{names[i]} has the gradient of {names[others[0]]}")
    return [(SWAPPED, ", ".join(partners))]


def _is_of(checked: CheckedPoint, i: int, j: int) -> bool:
    """Whether one parameter's gradient is the other's numeric one, which is not 0."""
    g, n = checked.analytic[i], checked.numeric[j]
    return bool(g.size == n.size and same(g.reshape(-1), n.reshape(-1)) and n.any())


def _other_order(points: Sequence[CheckedPoint], leaves: Sequence[int]) -> Said:
    """The numeric gradient's entries in another order."""
    pairs = [pair for p in points for pair in _pairs(p, leaves)]
    if any(g.ndim != 2 for g, _ in pairs):
        return []

    def everywhere(change: Callable[[Array], Array]) -> bool:
        return all(same(g, change(n).reshape(n.shape)) for g, n in pairs)

    if everywhere(lambda n: n.T):
        if all(g.shape[0] == g.shape[1] for g, _ in pairs):
            return [(TRANSPOSED, "it is the transpose of the numeric gradient")]
        return [(RESHAPED, "it holds the numeric gradient's entries in another order")]
    if everywhere(lambda n: n.reshape(n.shape[::-1]).T):
        return [(RESHAPED, "it holds the numeric gradient's entries in another order")]
    return []


def _bias(points: Sequence[CheckedPoint], leaves: Sequence[int]) -> Said:
    """The sum over the samples of a bias taken wrongly."""
    pairs = [pair for p in points for pair in _pairs(p, leaves)]
    if any(not _is_vector(g) or g.size < 2 for g, _ in pairs):
        return []
    if all(same(g, np.full_like(g, n.sum())) for g, n in pairs):
        return [(BIAS_SUMMED_OVER_ALL, "every entry is the sum of the numeric gradient")]
    products = [g * n for g, n in pairs if n.all() and g.all()]
    if products and all(np.ptp(v) <= 1e-6 * np.abs(v).max() for v in products):
        return [(BIAS_RECIPROCAL, "it is a constant over the numeric gradient, entry by entry")]
    return []


def _penalty(points: Sequence[CheckedPoint], leaves: Sequence[int], wanted: float | None) -> Said:
    """g - n is a multiple of the parameter itself, in proportion to l2.

    Args:
        points: those with a wrong gradient, none with l2 = 0.
        leaves: the wrong tensors.
        wanted: c of the cost's own penalty gradient c l2 W, None if not known.
    """
    ratios = []
    for p in points:
        for i in leaves:
            k = multiple(p.analytic[i] - p.numeric[i], p.point.arrays[i])
            if not k or not p.point.l2:
                return []
            ratios.append(k / p.point.l2)
    if np.ptp(ratios) > 1e-6 * abs(ratios[0]):
        return []
    added = f"g - n is {ratios[0]:.4g} * l2 * the parameter"
    if all(_is_vector(points[0].point.arrays[i]) for i in leaves):
        return [(BIAS_REGULARISED, added)]
    if wanted is None:
        return [(REGULARISER_SCALED, added)]
    factor = 1 + ratios[0] / wanted
    known = (name for name, value in _REGULARISERS.items() if abs(factor - value) < 1e-6)
    return [(next(known, REGULARISER_SCALED), f"{factor:.4g} x the penalty's gradient")]


def _penalty_of_the_cost(points: Sequence[CheckedPoint], leaves: Sequence[int]) -> float | None:
    """c of the cost's penalty gradient c l2 W, from two points that differ in l2 alone; None where there are none."""
    for a, b in itertools.permutations(points, 2):
        step = (a.point.l2 or 0.0) - (b.point.l2 or 0.0)
        if step > 0 and all(
            np.array_equal(x, y) for x, y in zip(a.point.arrays, b.point.arrays, strict=True)
        ):
            k = multiple(a.numeric[leaves[0]] - b.numeric[leaves[0]], a.point.arrays[leaves[0]])
            if k:
                return k / step
    return None
