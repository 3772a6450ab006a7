"""Losses by themselves: what is accepted of a small difference between one and its gradient.

Cross-entropy is often taken of P + eps, lest the logarithm of 0 be asked for, and its gradient is that of P. The labels
are read off the gradient, and the loss that they give with some eps must be the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.checked_point import CheckedPoint

_EPSILONS = [float(f"1e-{power}") for power in range(5, 16)]
_EXACT = 1e-9


class _KnownLoss(NamedTuple):
    """Cross-entropy at outputs P of labels Y, over so many samples; ``binary`` where every entry has a label."""

    P: Array
    Y: Array
    samples: int
    binary: bool

    def value(self, eps: float) -> float:
        """The loss with P + eps in its logarithms."""
        terms = self.Y * np.log(self.P + eps)
        if self.binary:
            terms = terms + (1 - self.Y) * np.log(1 - self.P + eps)
        return float(-terms.sum() / self.samples)


def accepted(points: Sequence[CheckedPoint]) -> str | None:
    """Why the difference at these points is accepted, in words; None where it is not."""
    epsilons = {_epsilon(checked) for checked in points}
    eps = epsilons.pop() if len(epsilons) == 1 else None
    return f"the loss takes log(P + {eps:g}); the gradient is right but for that" if eps else None


def _epsilon(checked: CheckedPoint) -> float | None:
    """What is added to the probabilities in a loss whose gradient is exactly that without it."""
    arrays, cost = checked.point.arrays, checked.point.cost()
    if len(arrays) != 1 or arrays[0].size == 0:
        return None
    for known in _losses(arrays[0], checked.analytic[0]):
        for eps in _EPSILONS:
            if np.isclose(known.value(eps), cost, rtol=1e-13, atol=0):
                return eps
    return None


def _losses(x: Array, g: Array) -> Iterator[_KnownLoss]:
    """Every loss of scores x whose gradient is exactly g: softmax over an axis, or a sigmoid."""
    counts = {1, *x.shape, x.size}
    for samples in counts:
        for axis in range(x.ndim):
            e = np.exp(x - x.max(axis=axis, keepdims=True))
            P = e / e.sum(axis=axis, keepdims=True)
            Y = P - samples * g
            if _zero_or_one(Y) and np.allclose(Y.sum(axis=axis), 1, atol=_EXACT):
                yield _KnownLoss(P, np.round(Y), samples, binary=False)
        P = 1 / (1 + np.exp(-x))
        Y = P - samples * g
        if _zero_or_one(Y):
            yield _KnownLoss(P, np.round(Y), samples, binary=True)


def _zero_or_one(Y: Array) -> bool:
    return bool(np.all(np.abs(Y - np.round(Y)) < _EXACT) and np.all((np.round(Y) == 0) | (np.round(Y) == 1)))
