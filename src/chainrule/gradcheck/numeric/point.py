"""A gradient compared at one point: the given one, or one around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.comparison import Compared, compare
from chainrule.gradcheck.program.matching import fits, in_likeliest_order
from chainrule.gradcheck.program.subject import Arrays, Data, Subject
from chainrule.gradcheck.result import Verdict, worst


@dataclass(frozen=True)
class Point:
    """Where a gradient is checked, and what was found there.

    Attributes:
        words: what is special about it; empty for the given point.
        arrays: the parameters' leaves.
        data: the further arguments.
        analytic: the gradient, matched to the leaves.
        compared: verdicts and numeric gradients.
        floor: noise of a numeric entry.
        scheme: how the numeric gradient was taken.
    """

    words: str
    arrays: list[Array]
    data: list[Any]
    analytic: list[Array]
    compared: Compared
    floor: float
    scheme: str

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of a tensor."""
        return worst(self.compared.tensors)

    @property
    def kinks(self) -> int:
        """At how many entries the cost bends."""
        return sum(tensor.kinks for tensor in self.compared.tensors)


def at(
    subject: Subject,
    names: Sequence[str],
    arrays: Arrays,
    data: Data,
    rng: np.random.Generator,
    words: str = "",
) -> Point:
    """Compare analytic and numeric gradients, entry by entry.

    Raises:
        CheckError: the gradient is not one finite array for each parameter.
    """
    analytic = matched(names, arrays, subject.gradient(arrays, data))
    numeric = differences.gradient(subject, arrays, data, rng)
    compared = compare(subject, arrays, data, names, analytic, numeric)
    return Point(words, list(arrays), list(data), analytic, compared, numeric.floor, numeric.scheme)


def matched(names: Sequence[str], arrays: Arrays, returned: dict[str, Any]) -> list[Array]:
    """What came back, one array in the shape of each parameter.

    Raises:
        CheckError: it does not fit the parameters.
    """
    chosen = in_likeliest_order(names, arrays, returned)
    problems = [
        f"the gradient of {name}: has shape {g.shape}, but {name} has {a.shape}; return one entry for each of the "
        "parameter's"
        for name, a, g in zip(names, arrays, chosen, strict=True)
        if not fits(a, g)
    ]
    if problems:
        raise CheckError(*problems)
    return [g.reshape(a.shape) for a, g in zip(arrays, chosen, strict=True)]
