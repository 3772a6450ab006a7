"""A gradient of another shape than its parameter's: refused, unless its numbers say how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from chainrule.gradcheck.causes import CAUSES
from chainrule.gradcheck.compare import PASS, difference
from chainrule.gradcheck.differences import Numeric
from chainrule.gradcheck.leaves import Array, Leaf
from chainrule.gradcheck.matching import match
from chainrule.gradcheck.result import Cause, Tensor
from chainrule.gradcheck.subject import Arrays


def unfit(names: Sequence[str], arrays: Arrays, returned: dict[str, Any]) -> dict[int, Array]:
    """The gradients whose shape is not their parameter's, by the parameter's place."""
    found = [Leaf(n, a) for n, a in zip(returned["names"], returned["arrays"], strict=True)]
    own = [Leaf(n, a) for n, a in zip(names, arrays, strict=True)]
    order = match(own, found, returned["kind"]).orders[0]
    chosen = [found[j].array for j in order]
    return {
        i: g
        for i, (a, g) in enumerate(zip(arrays, chosen, strict=True))
        if g.size != a.size
        or (g.shape != a.shape and min(max(g.shape, default=1), max(a.shape, default=1)) != a.size)
    }


def explained(names: Sequence[str], wrong: dict[int, Array], numeric: Numeric) -> list[Cause]:
    """A cause for every gradient of a wrong shape; empty when one of them cannot be explained."""
    causes = []
    for place, g in wrong.items():
        n = numeric.arrays[place]
        name, words = _shaped(g, n, numeric.floor)
        for other, m in enumerate(numeric.arrays):
            if not name and g.size == m.size and _same(g.reshape(m.shape), m, numeric.floor):
                name, words = "swapped", f"has the shape and the values of the gradient of {names[other]}"
        if not name:
            return []
        causes.append(Cause(name, (names[place],), 0.95, f"{names[place]}: {words}", CAUSES[name]))
    return causes


def _shaped(g: Array, n: Array, floor: float) -> tuple[str, str]:
    shown = f"has shape {g.shape}, the parameter {n.shape}"
    if g.shape == n.shape[::-1] and _same(g.T, n, floor):
        return "transposed", f"{shown}: it is the transpose"
    if g.size == n.size:
        orders: tuple[Literal["C", "F"], ...] = ("C", "F")
        for order in orders:
            if _same(g.reshape(n.shape, order=order), n, floor):
                return "reshaped", f"{shown}: the entries are right, the shape is not"
        return "", ""
    if g.size == 1 and _same(np.full(n.shape, g.reshape(-1)[0]), np.full(n.shape, n.sum()), floor):
        return "bias-summed-over-all", f"{shown}: it is the sum over samples and units"
    for axis in range(g.ndim):
        total = g.sum(axis=axis)
        if total.size == n.size and _same(total.reshape(n.shape), n, floor):
            return "bias-broadcast", f"{shown}: it is not summed over the samples"
        rows = np.moveaxis(g, axis, 0)
        if rows[0].size == n.size and all(_same(row.reshape(n.shape), n, floor) for row in rows):
            return "bias-broadcast", f"{shown}: it is repeated for every sample"
    return "", ""


def _same(g: Array, n: Array, floor: float) -> bool:
    return difference(g, n, floor) <= PASS


def verdicts(names: Sequence[str], wrong: dict[int, Array], numeric: Numeric) -> tuple[Tensor, ...]:
    """A verdict for every tensor of a wrong shape."""
    return tuple(
        Tensor(names[i], numeric.arrays[i].shape, "wrong", float("inf"), float(np.abs(g).max(initial=0.0)))
        for i, g in wrong.items()
    )
