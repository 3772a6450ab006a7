"""Losses, compiled: the formulas of :mod:`chainrule.nn.losses`, on one member's scores (samples, classes)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable

from chainrule.arrays import Array
from chainrule.nn.exponential import exponential, logistic
from chainrule.train.engines.exponential import exponentials
from chainrule.train.engines.lanes import Indices, weighed
from chainrule.train.engines.parts import PART, part
from chainrule.train.engines.views import flat

CROSS_ENTROPY, HINGE, SQUARED_ERROR, BINARY_CROSS_ENTROPY, OF_SEVERAL = range(5)
LOSSES = {
    "cross_entropy": CROSS_ENTROPY,
    "hinge": HINGE,
    "squared_error": SQUARED_ERROR,
    "binary_cross_entropy": BINARY_CROSS_ENTROPY,
}
"""Kernels by the names that components give them; ``OF_SEVERAL`` is the last, of rows that have several labels."""

_BITS = 64


@part
def cross_entropy_forward(s: Array, n: int, classes: int, y: Indices, weights: Any) -> Any:
    """The sum of the losses by weight, in float64; s becomes the probabilities."""
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
    """factor * r * (p - t), in place, with the share ``smoothed`` of t spread over all classes."""
    for i in range(n):
        row, own = p[i, :classes], weighed(factor, r, i)
        spread = own * smoothed
        each = spread / p.dtype.type(classes)
        for k in range(classes):
            row[k] = row[k] * own - each
        row[y[i]] -= own - spread


@part
def hinge_forward(s: Array, n: int, classes: int, y: Indices, weights: Any) -> Any:
    """The sum of the losses by weight, in float64; s becomes the margins, 0 at the label."""
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
def hinge_backward(margins: Array, n: int, classes: int, y: Indices, factor: Any, r: Any) -> None:
    """factor * r * ([margin > 0] - onehot(y) * count), in place."""
    zero = margins.dtype.type(0)
    for i in range(n):
        row, count, own = margins[i, :classes], zero, weighed(factor, r, i)
        for k in range(classes):
            row[k] = own if row[k] > zero else zero
            count += row[k]
        row[y[i]] = -count


@part
def squared_error_forward(s: Array, n: int, y: Indices, weights: Any) -> Any:
    """The sum of the losses by weight, in float64; s (samples, 1) becomes s - y, of which ``y`` are the bits."""
    rest, numbers, loss = s[:, 0], y.view(np.float64), np.float64(0)
    for i in range(n):
        rest[i] -= s.dtype.type(numbers[i])
        loss += weighed(rest[i] * rest[i], weights, i)
    return loss


@part
def squared_error_backward(s: Array, n: int, factor: Any, r: Any) -> None:
    """factor * r * 2 (s - y), in place of s - y."""
    rest, twice = s[:, 0], s.dtype.type(2) * factor
    for i in range(n):
        rest[i] *= weighed(twice, r, i)


@register_jitable(**PART)
def label_words(kernel: int, classes: int) -> int:
    """How many words of 64 bits say what a sample's labels are: its label, the bits of a number, or a bit a class."""
    return -(-classes // _BITS) if kernel == OF_SEVERAL else 1


@part
def _target(y: Indices, i: int, k: int, classes: int, kernel: int) -> int:
    """1 where sample i has class k, else 0."""
    if kernel == OF_SEVERAL:
        return (y[i * label_words(kernel, classes) + k // _BITS] >> (k % _BITS)) & 1
    return 1 if y[i] == k else 0


@part
def binary_cross_entropy_forward(
    s: Array, n: int, classes: int, y: Indices, kernel: int, weights: Any
) -> Any:
    """The sum of the losses by weight, in float64; s becomes p - t."""
    zero, unity, loss = s.dtype.type(0), s.dtype.type(1), np.float64(0)
    for i in range(n):
        row, own = s[i, :classes], np.float64(0)
        for k in range(classes):
            score, t = row[k], s.dtype.type(_target(y, i, k, classes, kernel))
            own += (zero if score < zero else score) - score * t + np.log1p(exponential(-abs(score)))
            row[k] = logistic(score, unity) - t
        loss += weighed(own, weights, i)
    return loss


@part
def binary_cross_entropy_backward(rest: Array, n: int, classes: int, factor: Any, r: Any) -> None:
    """factor * r * (p - t), in place of p - t."""
    for i in range(n):
        row, own = rest[i, :classes], weighed(factor, r, i)
        for k in range(classes):
            row[k] *= own


@part
def loss_forward(s: Array, n: int, classes: int, y: Indices, kernel: int, weights: Any) -> Any:
    """The sum by weight of the losses of scores (samples, classes), which become what goes back."""
    if kernel == HINGE:
        return hinge_forward(s, n, classes, y, weights)
    if kernel == SQUARED_ERROR:
        return squared_error_forward(s, n, y, weights)
    if kernel >= BINARY_CROSS_ENTROPY:
        return binary_cross_entropy_forward(s, n, classes, y, kernel, weights)
    return cross_entropy_forward(s, n, classes, y, weights)


@part
def loss_backward(
    cache: Array, n: int, classes: int, y: Indices, kernel: int, factor: Any, smoothed: Any, r: Any
) -> None:
    """What forward left becomes factor * N * dJ/ds; ``r`` is the samples' weights over their mean, or None."""
    if kernel == HINGE:
        hinge_backward(cache, n, classes, y, factor, r)
    elif kernel == SQUARED_ERROR:
        squared_error_backward(cache, n, factor, r)
    elif kernel >= BINARY_CROSS_ENTROPY:
        binary_cross_entropy_backward(cache, n, classes, factor, r)
    else:
        cross_entropy_backward(cache, n, classes, y, factor, smoothed, r)


@part
def right_answers(s: Array, n: int, classes: int, y: Indices, kernel: int, weights: Any) -> float:
    """What samples weigh whose label has the highest score, the first of equals; where samples may have several, times
    the share of classes that are right by themselves."""
    right = 0.0
    for i in range(n):
        row, best, largest, told = s[i, :classes], 0, s[i, 0], 0
        for k in range(classes):
            if row[k] > largest:
                best, largest = k, row[k]
        if kernel == OF_SEVERAL:
            for k in range(classes):
                told += (1 if row[k] > 0 else 0) == _target(y, i, k, classes, kernel)
        share = told / classes if kernel == OF_SEVERAL else 1.0 if best == y[i] else 0.0
        right += weighed(share, weights, i)
    return right
