"""Causes from numbers alone, for costs that were not recognised: what fits any function of any parameters."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from chainrule.gradcheck.causes import CAUSES
from chainrule.gradcheck.diagnosis.evidence import same
from chainrule.gradcheck.leaves import Array
from chainrule.gradcheck.point import Point
from chainrule.gradcheck.result import Cause
from chainrule.gradcheck.roles import Roles
from chainrule.gradcheck.subject import Subject

LIKELY, POSSIBLE = 0.8, 0.6


def explain(
    subject: Subject, names: Sequence[str], points: Sequence[Point], roles: Roles | None
) -> list[Cause]:
    """Signatures that hold for every wrong tensor at every wrong point."""
    wrong = [point for point in points if point.verdict != "right"]
    leaves = [i for i, t in enumerate(wrong[0].compared.tensors) if t.verdict != "right"]
    with_l2 = [p for p in wrong if roles is not None and roles.l2 is not None and p.data[roles.l2] != 0]
    # Without l2 nothing is added to the data's part, whose factor is then the whole gradient's.
    bare = [p for p in wrong if p not in with_l2] or wrong
    said = [found for signature in _SIGNATURES for found in signature(bare, leaves, names, roles)]
    if roles is not None and roles.l2 is not None and len(with_l2) == len(wrong):
        said += _penalty(with_l2, leaves, roles.l2, _penalty_of_the_cost(points, leaves, roles.l2))
    chosen = tuple(names[i] for i in leaves)
    return [Cause(name, chosen, LIKELY, words, CAUSES[name]) for name, words in dict(reversed(said)).items()]


def _pairs(point: Point, leaves: Sequence[int]) -> list[tuple[Array, Array]]:
    return [(point.analytic[i].astype(float), point.compared.numeric[i]) for i in leaves]


def _factor(point: Point, leaves: Sequence[int]) -> float | None:
    """a with g = a n in all those tensors."""
    g = np.concatenate([a.reshape(-1) for a, _ in _pairs(point, leaves)])
    n = np.concatenate([b.reshape(-1) for _, b in _pairs(point, leaves)])
    if not n.any():
        return None
    a = float(g @ n / (n @ n))
    return a if np.linalg.norm(g - a * n) <= 1e-6 * np.linalg.norm(g) else None


def _same_factor(
    points: Sequence[Point], leaves: Sequence[int], names: Sequence[str], roles: Roles | None
) -> list[tuple[str, str]]:
    factors = [_factor(point, leaves) for point in points]
    if any(a is None for a in factors) or roles is None:
        return (
            [("wrong-sign", "-1 x the numeric gradient")]
            if _all_close(factors, [-1.0] * len(factors))
            else []
        )
    sizes = [float(roles.samples(point.data)) for point in points]
    shown = f"{factors[0]:.6g} x the numeric gradient"
    vectors = all(max(points[0].arrays[i].shape, default=1) == points[0].arrays[i].size for i in leaves)
    if _all_close(factors, [-1.0] * len(sizes)):
        return [("wrong-sign", shown)]
    if _all_close(factors, sizes):
        return [("missing-batch-mean", f"{shown}: not divided by the batch size")]
    if _all_close(factors, [1 / n for n in sizes]):
        name = "bias-mean-not-sum" if vectors and len(leaves) < len(names) else "double-batch-mean"
        return [(name, f"{shown}: divided by the batch size once too often")]
    if len(set(sizes)) > 1 and _all_close(
        [a / n for a, n in zip(factors, sizes, strict=True) if a],
        [(factors[0] or 0.0) / sizes[0]] * len(sizes),
    ):
        return [("hard-wired-batch-size", f"{shown}, in proportion to the batch size: divided by a constant")]
    return []


def _all_close(found: Sequence[float | None], wanted: Sequence[float]) -> bool:
    return len(found) == len(wanted) and all(
        a is not None and abs(a - b) <= 1e-6 * abs(b) for a, b in zip(found, wanted, strict=True)
    )


def _swapped(
    points: Sequence[Point], leaves: Sequence[int], names: Sequence[str], roles: Roles | None
) -> list[tuple[str, str]]:
    """Each wrong tensor's gradient is that of another parameter."""
    partners = []
    for i in leaves:
        others = [
            j
            for j in range(len(names))
            if j != i
            and all(
                p.analytic[i].size == p.compared.numeric[j].size
                and same(p.analytic[i].reshape(-1), p.compared.numeric[j].reshape(-1))
                and p.compared.numeric[j].any()
                for p in points
            )
        ]
        if not others:
            return []
        partners.append(others[0])
    shown = ", ".join(
        f"{names[i]} has the gradient of {names[j]}" for i, j in zip(leaves, partners, strict=True)
    )
    return [("swapped", shown)]


def _other_order(
    points: Sequence[Point], leaves: Sequence[int], names: Sequence[str], roles: Roles | None
) -> list[tuple[str, str]]:
    def everywhere(change: object) -> bool:
        return all(
            g.ndim == 2
            and callable(change)
            and same(g, change(n).reshape(n.shape) if change(n).size == n.size else n + 1)
            for p in points
            for g, n in _pairs(p, leaves)
        )

    if all(
        points[0].arrays[i].ndim == 2 and len(set(points[0].arrays[i].shape)) == 1 for i in leaves
    ) and everywhere(lambda n: n.T):
        return [("transposed", "it is the transpose of the numeric gradient")]
    if everywhere(lambda n: np.ascontiguousarray(n.T)) or everywhere(lambda n: n.reshape(n.shape[::-1]).T):
        return [("reshaped", "it holds the numeric gradient's entries in another order")]
    return []


def _bias(
    points: Sequence[Point], leaves: Sequence[int], names: Sequence[str], roles: Roles | None
) -> list[tuple[str, str]]:
    pairs = [pair for p in points for pair in _pairs(p, leaves)]
    if any(max(g.shape, default=1) != g.size or g.size < 2 for g, _ in pairs):
        return []
    if all(same(g, np.full_like(g, n.sum())) for g, n in pairs):
        return [("bias-summed-over-all", "every entry is the sum of the numeric gradient")]
    products = [g * n for g, n in pairs if n.all() and g.all()]
    if products and all(np.ptp(v) <= 1e-6 * np.abs(v).max() for v in products):
        return [("bias-reciprocal", "it is a constant over the numeric gradient, entry by entry")]
    return []


def _penalty(
    points: Sequence[Point], leaves: Sequence[int], l2: int, wanted: float | None
) -> list[tuple[str, str]]:
    """g - n is a multiple of the parameter itself, in proportion to l2.

    Args:
        points: those with a wrong gradient, none with l2 = 0.
        leaves: the wrong tensors.
        l2: its place among the data.
        wanted: c of the cost's own penalty gradient c l2 W, None if not known.
    """
    ratios = []
    for p in points:
        for i in leaves:
            value, gap = p.arrays[i], p.analytic[i] - p.compared.numeric[i]
            k = _multiple(gap, value)
            if k is None:
                return []
            ratios.append(k / float(p.data[l2]))
    if np.ptp(ratios) > 1e-6 * abs(ratios[0]):
        return []
    if all(max(points[0].arrays[i].shape, default=1) == points[0].arrays[i].size for i in leaves):
        return [("bias-regularised", f"g - n is {ratios[0]:.4g} * l2 * the parameter")]
    if wanted is None:
        return [("regulariser-scaled", f"g - n is {ratios[0]:.4g} * l2 * the parameter")]
    factor = 1 + ratios[0] / wanted
    name = next(
        (known for known, value in _REGULARISERS.items() if abs(factor - value) < 1e-6), "regulariser-scaled"
    )
    return [(name, f"{factor:.4g} x the penalty's gradient")]


_REGULARISERS = {
    "regulariser-missing": 0.0,
    "regulariser-half": 0.5,
    "regulariser-double": 2.0,
    "regulariser-sign": -1.0,
}


def _multiple(gap: Array, value: Array) -> float | None:
    """k with gap = k value."""
    size = float(np.vdot(value, value))
    k = float(np.vdot(value, gap)) / size if size else 0.0
    return k if k and np.linalg.norm(gap - k * value) <= 1e-6 * np.linalg.norm(gap) else None


def _penalty_of_the_cost(points: Sequence[Point], leaves: Sequence[int], l2: int) -> float | None:
    """c of the cost's penalty gradient c l2 W, from two points that differ in l2 alone; None where there are none."""
    for a, b in itertools.permutations(points, 2):
        step = float(a.data[l2]) - float(b.data[l2])
        if step > 0 and all(np.array_equal(x, y) for x, y in zip(a.arrays, b.arrays, strict=True)):
            change = a.compared.numeric[leaves[0]] - b.compared.numeric[leaves[0]]
            k = _multiple(change, a.arrays[leaves[0]])
            if k is not None:
                return k / step
    return None


_SIGNATURES = (_same_factor, _swapped, _other_order, _bias)
