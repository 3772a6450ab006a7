"""What layers do to every unit by itself, compiled: the formulas of :mod:`chainrule.nn`, on values that lie
in tiles, (samples, lanes). All of a tile's units go through a sample together, as a vector; lanes in use are as many
as the parameters that are given have. Formulas and their sources are with those layers.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.train.engines.parts import PART, part
from chainrule.train.engines.views import doubles, floats

Indices = NDArray[np.int64]


@functools.cache
def row_of(weights: str | None) -> Any:
    """What gives part of a member's weights, out of the bytes of (P, M), or of (1, M), which all have in common.

    Args:
        weights: the type of the numbers that the bytes are; None: there are none, and None is what it gives.
    """
    read, size = doubles if weights == "float64" else floats, np.dtype(weights).itemsize

    def nothing(r: Any, p: int, start: int, stop: int) -> Any:
        return None

    def members(r: Any, p: int, start: int, stop: int) -> Any:
        return read(r[p % len(r), size * start : size * stop])

    return part(nothing if weights is None else members)


def weighed(value: Any, weights: Any, i: int) -> Any:
    """A sample's value times its weight; itself, and nothing is computed, where there are no weights."""
    raise TypeError("weighed is for compiled code only")


@overload(weighed, jit_options=PART)
def _weighed_of_type(value: Any, weights: Any, i: int) -> Any:
    def itself(value: Any, weights: Any, i: int) -> Any:
        return value

    def product(value: Any, weights: Any, i: int) -> Any:
        return value * weights[i]

    return itself if isinstance(weights, types.NoneType) else product


@part
def add_bias(s: Array, n: int, b: Array) -> None:
    """s + b, in place."""
    for i in range(n):
        row = s[i, : len(b)]
        for v in range(len(b)):
            row[v] += b[v]


@part
def descend_bias(step: Array, n: int, b: Array) -> None:
    """b + the sum of the step over samples, in place."""
    for i in range(n):
        row = step[i, : len(b)]
        for v in range(len(b)):
            b[v] += row[v]


@part
def relu_forward(s: Array, n: int, lanes: int, h: Array) -> None:
    """max(0, s) into h."""
    zero = s.dtype.type(0)
    for i in range(n):
        row, out = s[i, :lanes], h[i, :lanes]
        for v in range(lanes):
            score = row[v]
            # NaN is not below zero, so a diverging member shows in its loss.
            out[v] = zero if score < zero else score


@part
def relu_backward(step: Array, n: int, lanes: int, h: Array) -> None:
    """The error where h > 0, in place."""
    zero = step.dtype.type(0)
    for i in range(n):
        row, up = step[i, :lanes], h[i, :lanes]
        for v in range(lanes):
            error = row[v]
            row[v] = error if up[v] > zero else zero


@part
def copy(s: Array, n: int, lanes: int, h: Array) -> None:
    """s into h."""
    for i in range(n):
        row, out = s[i, :lanes], h[i, :lanes]
        for v in range(lanes):
            out[v] = row[v]


@part
def multiply(step: Array, n: int, lanes: int, factors: Array) -> None:
    """Every error times what it is multiplied by, in place."""
    for i in range(n):
        row, own = step[i, :lanes], factors[i, :lanes]
        for v in range(lanes):
            row[v] *= own[v]


@part
def batchnorm_forward(
    s: Array, n: int, at: int, h: Array, gamma: Array, beta: Array, eps: float, r: Any, sums: Array,
    inverse_sigma: Array,
) -> None:  # fmt: skip
    """s is centred in place; h is what goes on. Writes 1 / sigma, and into ``sums`` all means and then all variances.

    Lanes begin with ``at``; ``r`` is the samples' weights over their mean, or None.
    """
    lanes, count, unity = len(gamma), s.dtype.type(n), s.dtype.type(1)
    mean, variance = sums[:lanes], sums[lanes : 2 * lanes]
    mean[:], variance[:] = s.dtype.type(0), s.dtype.type(0)
    for i in range(n):
        row, weight = s[i, at : at + lanes], weighed(unity, r, i)
        for v in range(lanes):
            mean[v] += row[v] * weight
    for v in range(lanes):
        mean[v] /= count
    for i in range(n):
        row, weight = s[i, at : at + lanes], weighed(unity, r, i)
        for v in range(lanes):
            row[v] -= mean[v]
            variance[v] += row[v] * row[v] * weight
    for v in range(lanes):
        variance[v] /= count
        inverse_sigma[v] = unity / np.sqrt(variance[v] + s.dtype.type(eps))
    for i in range(n):
        row, out = s[i, at : at + lanes], h[i, at : at + lanes]
        for v in range(lanes):
            out[v] = row[v] * (gamma[v] * inverse_sigma[v]) + beta[v]


@part
def batchnorm_backward(
    step: Array, n: int, at: int, centred: Array, gamma: Array, to_gamma: Array, to_beta: Array, inverse_sigma: Array,
    r: Any, sums: Array,
) -> None:  # fmt: skip
    """The error, in place; what gamma and beta have of it is added. ``sums`` (3 lanes or more,) is room."""
    lanes, count, unity = len(gamma), step.dtype.type(n), step.dtype.type(1)
    along, mean, slope = sums[:lanes], sums[lanes : 2 * lanes], sums[2 * lanes : 3 * lanes]
    along[:], mean[:] = step.dtype.type(0), step.dtype.type(0)
    for i in range(n):
        row, c = step[i, at : at + lanes], centred[i, at : at + lanes]
        for v in range(lanes):
            mean[v] += row[v]
            along[v] += row[v] * c[v]
    for v in range(lanes):
        slope[v] = gamma[v] * inverse_sigma[v]
    for v in range(lanes):
        dgamma, dbeta = along[v] * inverse_sigma[v], mean[v]
        to_gamma[v] += dgamma
        to_beta[v] += dbeta
        along[v] = dgamma * inverse_sigma[v] / count
        mean[v] = dbeta / count
    for i in range(n):
        row, c, weight = step[i, at : at + lanes], centred[i, at : at + lanes], weighed(unity, r, i)
        for v in range(lanes):
            row[v] = (row[v] - (c[v] * along[v] + mean[v]) * weight) * slope[v]


@part
def keep_running(old: Array, new: Array, share: float) -> None:
    """share * old + (1 - share) * new, in place of old."""
    kept, added = old.dtype.type(share), old.dtype.type(1 - share)
    for v in range(len(old)):
        old[v] = kept * old[v] + added * new[v]


@part
def normalize(
    s: Array, n: int, at: int, h: Array, gamma: Array, beta: Array, eps: float, mean: Array, variance: Array,
    sums: Array,
) -> None:  # fmt: skip
    """Batch norm by running values, into h; ``sums`` (2 lanes or more,) is room."""
    lanes = len(gamma)
    slope, shift = sums[:lanes], sums[lanes : 2 * lanes]
    for v in range(lanes):
        slope[v] = gamma[v] / np.sqrt(variance[v] + s.dtype.type(eps))
        shift[v] = beta[v] - mean[v] * slope[v]
    for i in range(n):
        row, out = s[i, at : at + lanes], h[i, at : at + lanes]
        for v in range(lanes):
            out[v] = row[v] * slope[v] + shift[v]


@part
def all_finite(values: Array) -> bool:
    """Whether none is NaN or infinite."""
    finite = True
    for value in values:
        finite &= np.isfinite(value)
    return finite
