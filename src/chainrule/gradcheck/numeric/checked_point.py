"""A gradient compared at one point: the given one, or one around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.comparison import ComparedTensors, compare
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Verdict, worst


@dataclass(frozen=True)
class CheckedPoint:
    """Where a gradient was checked, and what came of it.

    Attributes:
        words: what is special about the point; empty for the given one.
        at: the point.
        analytic: the gradient, matched to the parameters.
        compared: verdicts and numeric gradients.
        floor: noise of a numeric entry.
        scheme: how the numeric gradient was taken.
    """

    words: str
    at: Point
    analytic: list[Array]
    compared: ComparedTensors
    floor: float
    scheme: str

    @property
    def numeric(self) -> list[Array]:
        """The numeric gradient, with what lies at kinks settled."""
        return self.compared.numeric

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of a tensor."""
        return worst(self.compared.tensors)

    @property
    def kinks(self) -> int:
        """At how many entries the cost bends."""
        return sum(tensor.kinks for tensor in self.compared.tensors)

    @property
    def wrong_names(self) -> list[str]:
        """The parameters whose gradients are not right."""
        return [tensor.name for tensor in self.compared.tensors if tensor.verdict != "right"]


def checked(at: Point, rng: np.random.Generator, words: str = "") -> CheckedPoint:
    """Compare analytic and numeric gradients, entry by entry.

    Raises:
        CheckError: the gradient is not one finite array for each parameter.
    """
    analytic = at.gradient()
    numeric = differences.gradient(at, rng)
    return CheckedPoint(words, at, analytic, compare(at, analytic, numeric), numeric.floor, numeric.scheme)
