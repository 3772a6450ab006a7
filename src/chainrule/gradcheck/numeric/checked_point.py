"""A gradient compared at one point: the given one, or one around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.comparison import compare
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Tensor, Verdict, worst


@dataclass(frozen=True)
class CheckedPoint:
    """Where a gradient was checked, and what came of it.

    Attributes:
        words: what is special about the point; empty for the given one.
        point: the point.
        analytic: the gradient, matched to the parameters.
        numeric: the numeric gradient, with what lies at kinks settled.
        tensors: the verdict on each parameter's gradient.
        floor: noise of a numeric entry.
        scheme: how the numeric gradient was taken.
    """

    words: str
    point: Point
    analytic: list[Array]
    numeric: list[Array]
    tensors: list[Tensor]
    floor: float
    scheme: differences.Scheme

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of a tensor."""
        return worst(self.tensors)

    @property
    def kinks(self) -> int:
        """At how many entries the cost bends."""
        return sum(tensor.kinks for tensor in self.tensors)

    @property
    def names_not_right(self) -> list[str]:
        """The parameters whose gradients are wrong or suspect."""
        return [tensor.name for tensor in self.tensors if tensor.verdict != "right"]


def compare_given(program: Program, order: tuple[int, ...] | None = None) -> CheckedPoint:
    """Compare them where a program is given; ``order``: that of the gradients, where neither names nor the parameters'
    own order say it.

    Raises:
        CheckError: the cost is not finite, or the gradient not one array for each parameter.
    """
    point = replace(Point.of_program(program, program.describe()), order=order)
    if not np.isfinite(point.cost()):
        raise CheckError("the cost: is not finite")
    return compare_at(point, np.random.default_rng(0))


def compare_at(point: Point, rng: np.random.Generator, words: str = "") -> CheckedPoint:
    """Compare analytic and numeric gradients at a point, entry by entry.

    Raises:
        CheckError: the gradient is not one array for each parameter.
    """
    analytic = point.gradient()
    numeric = differences.gradient(point, rng)
    tensors, settled = compare(point, analytic, numeric)
    return CheckedPoint(words, point, analytic, settled, tensors, numeric.floor, numeric.scheme)
