"""Losses, compiled: the formulas of :mod:`chainrule.nn.losses`, on one member's scores (samples, classes).

Each has a forward part, which gives the sum of the losses by weight in float64 and leaves in place of the scores what
its backward part needs; that makes of it factor * N * dJ/ds. ``r``: the samples' weights over their mean, or None. A
training uses one loss, so the two are compiled and kept by themselves, and called by their address.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
from numba import types
from numba.extending import register_jitable

from chainrule.arrays import Array
from chainrule.machine.compiler import kept_kind
from chainrule.nn.exponential import exponential, logistic
from chainrule.train.engines import lanes
from chainrule.train.engines.calls import taken
from chainrule.train.engines.exponential import exponentials
from chainrule.train.engines.lanes import Indices, weighed
from chainrule.train.engines.parts import PART, called, part
from chainrule.train.engines.views import flat

_BITS = 64


@register_jitable(**PART)
def label_words(several: bool, classes: int) -> int:
    """How many words of 64 bits say what a sample's labels are: its label, the bits of a number, or, where it may have
    several, a bit a class."""
    return -(-classes // _BITS) if several else 1


@part
def cross_entropy_forward(s: Array, n: int, classes: int, y: Indices, several: bool, weights: Any) -> Any:
    """s becomes the probabilities."""
    loss, unity = np.float64(0), s.dtype.type(1)
    for i in range(n):
        row, largest = s[i, :classes], s[i, 0]
        for k in range(1, classes):
            largest = row[k] if row[k] > largest else largest
        for k in range(classes):
            row[k] -= largest
        loss -= weighed(row[y[i]], weights, i)
    exponentials(flat(s[:n]))
    for i in range(n):
        row, total = s[i, :classes], s.dtype.type(0)
        for k in range(classes):
            total += row[k]
        loss += weighed(np.log(total), weights, i)
        inverse = unity / total
        for k in range(classes):
            row[k] *= inverse
    return loss


@part
def cross_entropy_backward(
    p: Array, n: int, classes: int, y: Indices, factor: Any, smoothed: Any, r: Any
) -> None:
    """factor * r * (p - t), with the share ``smoothed`` of t spread over all classes."""
    for i in range(n):
        row, own = p[i, :classes], weighed(factor, r, i)
        spread = own * smoothed
        each = spread / p.dtype.type(classes)
        for k in range(classes):
            row[k] = row[k] * own - each
        row[y[i]] -= own - spread


@part
def hinge_forward(s: Array, n: int, classes: int, y: Indices, several: bool, weights: Any) -> Any:
    """s becomes the margins, 0 at the label."""
    zero, unity, loss = s.dtype.type(0), s.dtype.type(1), np.float64(0)
    for i in range(n):
        row, right = s[i, :classes], s[i, y[i]]
        for k in range(classes):
            margin = row[k] - right + unity
            row[k] = zero if margin < zero else margin
        row[y[i]] = zero
        for k in range(classes):
            loss += weighed(row[k], weights, i)
    return loss


@part
def hinge_backward(
    margins: Array, n: int, classes: int, y: Indices, factor: Any, smoothed: Any, r: Any
) -> None:
    """factor * r * ([margin > 0] - onehot(y) * count)."""
    zero = margins.dtype.type(0)
    for i in range(n):
        row, count, own = margins[i, :classes], zero, weighed(factor, r, i)
        for k in range(classes):
            row[k] = own if row[k] > zero else zero
            count += row[k]
        row[y[i]] = -count


@part
def squared_error_forward(s: Array, n: int, classes: int, y: Indices, several: bool, weights: Any) -> Any:
    """s (samples, 1) becomes s - y, of which ``y`` are the bits."""
    rest, numbers, loss = s[:, 0], y.view(np.float64), np.float64(0)
    for i in range(n):
        rest[i] -= s.dtype.type(numbers[i])
        loss += weighed(rest[i] * rest[i], weights, i)
    return loss


@part
def squared_error_backward(
    s: Array, n: int, classes: int, y: Indices, factor: Any, smoothed: Any, r: Any
) -> None:
    """factor * r * 2 (s - y)."""
    rest, twice = s[:, 0], s.dtype.type(2) * factor
    for i in range(n):
        rest[i] *= weighed(twice, r, i)


@part
def _target(y: Indices, i: int, k: int, classes: int, several: bool) -> int:
    """1 where sample i has class k, else 0."""
    if several:
        return (y[i * label_words(several, classes) + k // _BITS] >> (k % _BITS)) & 1
    return 1 if y[i] == k else 0


@part
def binary_cross_entropy_forward(
    s: Array, n: int, classes: int, y: Indices, several: bool, weights: Any
) -> Any:
    """s becomes p - t."""
    zero, unity, loss = s.dtype.type(0), s.dtype.type(1), np.float64(0)
    for i in range(n):
        row, own = s[i, :classes], np.float64(0)
        for k in range(classes):
            score, t = row[k], s.dtype.type(_target(y, i, k, classes, several))
            own += (zero if score < zero else score) - score * t + np.log1p(exponential(-abs(score)))
            row[k] = logistic(score, unity) - t
        loss += weighed(own, weights, i)
    return loss


@part
def binary_cross_entropy_backward(
    s: Array, n: int, classes: int, y: Indices, factor: Any, smoothed: Any, r: Any
) -> None:
    """factor * r * (p - t)."""
    for i in range(n):
        row, own = s[i, :classes], weighed(factor, r, i)
        for k in range(classes):
            row[k] *= own


@part
def right_answers(s: Array, n: int, classes: int, y: Indices, several: bool, weights: Any) -> float:
    """What samples weigh whose label has the highest score, the first of equals; where samples may have several, times
    the share of classes that are right by themselves."""
    right = 0.0
    for i in range(n):
        row, best, largest, told = s[i, :classes], 0, s[i, 0], 0
        for k in range(classes):
            if row[k] > largest:
                best, largest = k, row[k]
        if several:
            for k in range(classes):
                told += (1 if row[k] > 0 else 0) == _target(y, i, k, classes, several)
        share = told / classes if several else 1.0 if best == y[i] else 0.0
        right += weighed(share, weights, i)
    return right


LOSSES: dict[str, tuple[Any, Any]] = {
    "cross_entropy": (cross_entropy_forward, cross_entropy_backward),
    "hinge": (hinge_forward, hinge_backward),
    "squared_error": (squared_error_forward, squared_error_backward),
    "binary_cross_entropy": (binary_cross_entropy_forward, binary_cross_entropy_backward),
}
"""Their parts by the names that components give them."""


@functools.cache
def loss_address(kernel: str, real: str, weights: str | None) -> int:
    """The address of a loss, forward and, where there is a way back, backward.

    Args:
        kernel: one of :data:`LOSSES`.
        real: the type of all numbers.
        weights: that of weights of samples, (P, M) or (1, M), which are given as their bytes; None: there are none.
    """
    (forward, backward), row = LOSSES[kernel], lanes.row_of(weights)
    signature = taken("loss", types.Array(getattr(types, real), 2, "C"))

    @called(Path(__file__), f"loss_{kernel}", kept_kind(real, weights), signature, apart=True)
    def lost(
        s: Any, n: int, classes: int, y: Any, several: bool, r: Any, p: int, start: int, descending: bool, factor: Any,
        smoothed: Any, losses: Any, right: Any, step: int,
    ) -> None:  # fmt: skip
        mine = row(r, p, start, start + n)
        if not descending:
            right[step, p] = right_answers(s, n, classes, y, several, mine)
        losses[step, p] = forward(s, n, classes, y, several, mine)
        if descending:
            backward(s, n, classes, y, factor, smoothed, mine)

    return int(lost.address)
