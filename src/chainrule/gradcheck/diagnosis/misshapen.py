"""A gradient of another shape than its parameter's: refused, unless its numbers say how it came about, or all others
are right."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import RESHAPED, SWAPPED, TRANSPOSED
from chainrule.gradcheck.catalogue.bias import BIAS_BROADCAST, BIAS_SUMMED_OVER_ALL
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import lines
from chainrule.gradcheck.diagnosis.evidence import NO_IDEA
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.numeric.comparison import PASS, difference
from chainrule.gradcheck.numeric.differences import Numeric
from chainrule.gradcheck.program.interface import Returned
from chainrule.gradcheck.program.matching import fits, in_likeliest_order
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause, Tensor


class Misshapen(NamedTuple):
    """What is wrong with gradients of a wrong shape: causes, verdicts, and the numeric gradient."""

    findings: tuple[Finding, ...]
    tensors: tuple[Tensor, ...]
    numeric: Numeric

    def checked_at(self, given: Point) -> CheckedPoint:
        """The point at which they were asked for, with no entry of the gradient right."""
        none = [np.full(n.shape, np.nan) for n in self.numeric.arrays]
        numeric, tensors = self.numeric, list(self.tensors)
        return CheckedPoint("", given, none, numeric.arrays, tensors, numeric.floor, numeric.scheme)


def misshapen(given: Point, returned: Returned, rng: np.random.Generator) -> Misshapen | None:
    """What is to be said of gradients of which some have a wrong shape; None where all have the right one.

    Raises:
        CheckError: they cannot be told apart, or their shapes cannot be explained.
    """
    gradients = in_likeliest_order(given.names, given.arrays, returned)
    pairs = enumerate(zip(given.arrays, gradients, strict=True))
    wrong = {place: g for place, (a, g) in pairs if not fits(a, g)}
    if not wrong:
        return None
    numeric = differences.gradient(given, rng)
    causes = _explained(given.names, wrong, numeric)
    if not causes and _others_are_right(gradients, wrong, numeric):
        causes = [_unexplained(given.names[i], g, numeric.arrays[i]) for i, g in wrong.items()]
    if not causes:
        # It refuses them, and says which.
        given.matched(returned)
    findings = tuple(
        Finding(cause, "gradient", functools.cache(functools.partial(lines.of_value, given, g)))
        for cause, g in zip(causes, wrong.values(), strict=True)
    )
    return Misshapen(findings, _verdicts(given.names, wrong, numeric), numeric)


def _explained(names: Sequence[str], wrong: dict[int, Array], numeric: Numeric) -> list[Cause]:
    """A cause for every gradient of a wrong shape; empty when one of them cannot be explained."""
    causes = []
    for place, g in wrong.items():
        bug, words = _shaped(g, numeric.arrays[place], numeric.floor)
        for other, m in enumerate(numeric.arrays):
            if bug is None and g.size == m.size and _same(g.reshape(m.shape), m, numeric.floor):
                bug, words = SWAPPED, f"has the shape and the values of the gradient of {names[other]}"
        if bug is None:
            return []
        causes.append(bug.cause((names[place],), 0.95, f"{names[place]}: {words}"))
    return causes


def _others_are_right(gradients: Sequence[Array], wrong: dict[int, Array], numeric: Numeric) -> bool:
    """Whether there is a matrix among the others, and all of them are right: then nothing but these is amiss."""
    others = [
        (g, n) for i, (g, n) in enumerate(zip(gradients, numeric.arrays, strict=True)) if i not in wrong
    ]
    told = any(min(n.shape, default=1) > 1 and n.any() for _, n in others)
    return told and all(_same(g.reshape(n.shape), n, numeric.floor) for g, n in others)


def _unexplained(name: str, g: Array, n: Array) -> Cause:
    words = f"{name}: has shape {g.shape}, the parameter {n.shape}; the gradients of the other parameters are right"
    return UNKNOWN.cause((name,), NO_IDEA, words)


def _shaped(g: Array, n: Array, floor: float) -> tuple[Bug | None, str]:
    """The bug by which a right gradient n has come to the shape of g, and the words for it; None for none."""
    shown = f"has shape {g.shape}, the parameter {n.shape}"
    if g.shape == n.shape[::-1] and _same(g.T, n, floor):
        return TRANSPOSED, f"{shown}: it is the transpose"
    if g.size == n.size:
        orders: tuple[Literal["C", "F"], ...] = ("C", "F")
        for order in orders:
            if _same(g.reshape(n.shape, order=order), n, floor):
                return RESHAPED, f"{shown}: the entries are right, the shape is not"
        return None, ""
    if g.size == 1 and _same(np.full(n.shape, g.reshape(-1)[0]), np.full(n.shape, n.sum()), floor):
        return BIAS_SUMMED_OVER_ALL, f"{shown}: it is the sum over samples and units"
    # Of what is cut to nothing, as by pad:-pad where that is 0, nothing is left to be compared.
    for axis in range(g.ndim) if g.size else ():
        total = g.sum(axis=axis)
        if total.size == n.size and _same(total.reshape(n.shape), n, floor):
            return BIAS_BROADCAST, f"{shown}: it is not summed over the samples"
        rows = np.moveaxis(g, axis, 0)
        if rows[0].size == n.size and all(_same(row.reshape(n.shape), n, floor) for row in rows):
            return BIAS_BROADCAST, f"{shown}: it is repeated for every sample"
    return None, ""


def _same(g: Array, n: Array, floor: float) -> bool:
    return difference(g, n, floor) <= PASS


def _verdicts(names: Sequence[str], wrong: dict[int, Array], numeric: Numeric) -> tuple[Tensor, ...]:
    """A verdict for every tensor of a wrong shape."""
    return tuple(
        Tensor(names[i], numeric.arrays[i].shape, "wrong", float("inf"), float(np.abs(g).max(initial=0.0)))
        for i, g in wrong.items()
    )
