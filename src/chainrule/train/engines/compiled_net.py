"""A population's descent and its evaluation, compiled: the layers of :mod:`chainrule.nn`, member by member.

Formulas and their sources are with those layers. Here one sample's values lie apart and one unit's together, (K, N)
of one member, as the layers keep them. The first layer, whose products are most of the work, is shared out by inputs:
each thread updates its part of the weights, fetches its part of the next minibatch and multiplies the two, without
waiting for the others in between.

All compiled code is in this file, because numba takes its cache for valid until the file of the function called
changes, whatever becomes of files that it calls into.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import llvmlite.binding
import numba
import numpy as np
from numba import config, njit, prange, types
from numba.extending import overload
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.machine import openblas

Indices = NDArray[np.int64]

BLOCK = 200
"""Samples that are evaluated at a time."""

INPUTS, OUTPUTS, WEIGHTS, BIASES, GAMMA, BETA, MEAN, VARIANCE = range(8)
"""Columns of a layout: a layer's widths, and where its parameters begin among all."""


CROSS_ENTROPY, HINGE, SQUARED_ERROR = range(3)
LOSSES = {"cross_entropy": CROSS_ENTROPY, "hinge": HINGE, "squared_error": SQUARED_ERROR}
ACTIVATIONS = ("relu",)
"""Kernels by the names that components give them."""


class Net(NamedTuple):
    """P nets.

    Attributes:
        members: P.
        layout: (L, 8), a row a layer.
        theta: all parameters of all members.
        batch_norm: in front of every ReLU, or nowhere.
        loss: one of :data:`LOSSES`.
        eps: added to batch norm's variances.
    """

    members: int
    layout: Indices
    theta: Array
    batch_norm: bool
    loss: int
    eps: float


class Samples(NamedTuple):
    """A split's images (M, D) and labels (M,), and what makes inputs of images: scale and shift (D,).

    Images of float32 are given as their bytes, (M, 4 D), and ``floats`` says so: one compilation serves both kinds.
    Labels that are numbers, in float64, are given as their bits likewise. Weights are (P, M) or (1, M) in float64; None
    is compiled by itself, to what there would be without any.
    """

    images: NDArray[np.uint8]
    floats: bool
    labels: Indices
    scale: Array
    shift: Array
    weights: NDArray[np.float64] | None


class UnitValues(NamedTuple):
    """What a minibatch leaves at all units, each (P * N * sum of widths,) and 1 / sigma (P * sum of widths,).

    Attributes:
        size: N, of a whole minibatch.
        s: scores, centred ones where there is batch norm, and in the last layer the errors.
        h: what goes up.
        g: the errors that come down.
        inverse_sigma: batch norm's.
    """

    size: int
    s: Array
    h: Array
    g: Array
    inverse_sigma: Array


# Sums may be taken in any order, so that they run in vectors; NaN and infinity keep their meaning.
_INNER: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_OUTER = _INNER | {"cache": True, "no_cpython_wrapper": False}
"""Of what Python calls."""

for _name in ("cblas_sgemm", "cblas_dgemm"):
    llvmlite.binding.add_symbol(f"chainrule_{_name}", openblas.address(_name))


def _external(name: str, scalar: Any) -> Any:
    flags, sizes = (types.int32,) * 3, (types.int64,) * 3
    matrix = (types.uintp, types.int64)
    return types.ExternalFunction(
        f"chainrule_{name}", types.void(*flags, *sizes, scalar, *matrix, *matrix, scalar, *matrix)
    )


_SGEMM, _DGEMM = _external("cblas_sgemm", types.float32), _external("cblas_dgemm", types.float64)
_ROW_MAJOR, _PLAIN, _TRANSPOSED = 101, 111, 112


def _gemm(
    A: Array, flip_A: bool, B: Array, flip_B: bool, beta: Any, C: Array, m: int, n: int, k: int
) -> None:
    """C[:m, :n] = A B + beta C; A (or its transpose, where flipped) is (m, k), B (k, n).

    Rows may lie apart, so parts of larger matrices will do. With beta 0, what was in C does not matter.
    """
    raise TypeError("_gemm is for compiled code only")


@overload(_gemm)
def _gemm_of_type(A: Any, flip_A: Any, B: Any, flip_B: Any, beta: Any, C: Any, m: Any, n: Any, k: Any) -> Any:
    product, scalar = (_SGEMM, np.float32) if C.dtype == types.float32 else (_DGEMM, np.float64)

    def call(
        A: Any, flip_A: Any, B: Any, flip_B: Any, beta: Any, C: Any, m: Any, n: Any, k: Any
    ) -> Any:  # numba wants the names and types of the function above
        product(
            _ROW_MAJOR, _TRANSPOSED if flip_A else _PLAIN, _TRANSPOSED if flip_B else _PLAIN, m, n, k,
            scalar(1), A.ctypes.data, A.strides[0] // A.itemsize, B.ctypes.data, B.strides[0] // B.itemsize,
            scalar(beta), C.ctypes.data, C.strides[0] // C.itemsize,
        )  # fmt: skip

    return call


def _row(weights: Any, p: int, start: int, stop: int) -> Any:
    """Part of a member's weights, of (P, M) or (1, M), which all have in common; None of None."""
    raise TypeError("_row is for compiled code only")


@overload(_row)
def _row_of_type(weights: Any, p: int, start: int, stop: int) -> Any:
    def nothing(weights: Any, p: int, start: int, stop: int) -> Any:
        return None

    def part(weights: Any, p: int, start: int, stop: int) -> Any:
        return weights[p % len(weights), start:stop]

    return nothing if isinstance(weights, types.NoneType) else part


def _weighed(value: Any, weights: Any, i: int) -> Any:
    """A sample's value times its weight; itself, and nothing is computed, where there are no weights."""
    raise TypeError("_weighed is for compiled code only")


@overload(_weighed)
def _weighed_of_type(value: Any, weights: Any, i: int) -> Any:
    def itself(value: Any, weights: Any, i: int) -> Any:
        return value

    def product(value: Any, weights: Any, i: int) -> Any:
        return value * weights[i]

    return itself if isinstance(weights, types.NoneType) else product


@njit(**_INNER)
def _weights(net: Net, layer: int) -> Array:
    """A layer's W, (P, K, D)."""
    inputs, outputs, at = net.layout[layer, INPUTS], net.layout[layer, OUTPUTS], net.layout[layer, WEIGHTS]
    return net.theta[at : at + net.members * outputs * inputs].reshape((net.members, outputs, inputs))


@njit(**_INNER)
def _vectors(net: Net, layer: int, kind: int) -> Array:
    """A layer's biases, or what else ``kind`` names, (P, K)."""
    outputs, at = net.layout[layer, OUTPUTS], net.layout[layer, kind]
    return net.theta[at : at + net.members * outputs].reshape((net.members, outputs))


@njit(**_INNER)
def _of(buffer: Array, net: Net, layer: int, size: int) -> Array:
    """The part (P, K, N) of a buffer of :class:`UnitValues` that is a layer's."""
    outputs, at = net.layout[layer, OUTPUTS], net.members * size * net.layout[:layer, OUTPUTS].sum()
    return buffer[at : at + net.members * outputs * size].reshape((net.members, outputs, size))


@njit(**_INNER)
def _fetch(samples: Samples, rows: Indices, x: Array, start: int, stop: int) -> None:
    """Inputs ``start`` to ``stop`` of a minibatch: images[rows] * scale + shift, into x."""
    scale, shift = samples.scale[start:stop], samples.shift[start:stop]
    for n in range(len(rows)):
        image, out = samples.images[rows[n]], x[n, start:stop]
        if samples.floats:
            values = image.view(np.float32)[start:stop]
            for d in range(len(out)):
                out[d] = values[d] * scale[d] + shift[d]
        else:
            bytes_ = image[start:stop]
            for d in range(len(out)):
                out[d] = bytes_[d] * scale[d] + shift[d]


@njit(**_INNER)
def _add_bias(s: Array, n: int, b: Array) -> None:
    for k in range(len(b)):
        row = s[k, :n]
        for i in range(n):
            row[i] += b[k]


@njit(**_INNER)
def _descend_bias(step: Array, n: int, b: Array) -> None:
    for k in range(len(b)):
        row, total = step[k, :n], step.dtype.type(0)
        for i in range(n):
            total += row[i]
        b[k] += total


@njit(**_INNER)
def _scale(W: Array, keep: Any, start: int, stop: int) -> None:
    for k in range(len(W)):
        row = W[k, start:stop]
        for d in range(len(row)):
            row[d] *= keep


@njit(**_INNER)
def _relu_forward(row: Array, out: Array) -> None:
    zero = row.dtype.type(0)
    for i in range(len(row)):
        # NaN is not below zero, so a diverging member shows in its loss.
        out[i] = zero if row[i] < zero else row[i]


@njit(**_INNER)
def _relu_backward(row: Array, h: Array) -> None:
    zero = row.dtype.type(0)
    for i in range(len(row)):
        row[i] = row[i] if h[i] > zero else zero


@njit(**_INNER)
def _batchnorm_forward(row: Array, out: Array, gamma: Any, beta: Any, eps: float, r: Any) -> Any:
    """One unit's values: they are centred in place, ``out`` is what goes on; gives mean, variance and 1 / sigma."""
    unity, n = row.dtype.type(1), row.dtype.type(len(row))
    mean = variance = row.dtype.type(0)
    for i in range(len(row)):
        mean += _weighed(row[i], r, i)
    mean /= n
    for i in range(len(row)):
        row[i] -= mean
        variance += _weighed(row[i] * row[i], r, i)
    variance /= n
    inverse_sigma = unity / np.sqrt(variance + row.dtype.type(eps))
    slope = gamma * inverse_sigma
    for i in range(len(row)):
        out[i] = row[i] * slope + beta
    return mean, variance, inverse_sigma


@njit(**_INNER)
def _batchnorm_backward(row: Array, centred: Array, gamma: Any, inverse_sigma: Any, r: Any) -> Any:
    """One unit's error, in place; gives dgamma and dbeta."""
    n = row.dtype.type(len(row))
    dgamma = dbeta = row.dtype.type(0)
    for i in range(len(row)):
        dbeta += row[i]
        dgamma += row[i] * centred[i]
    dgamma *= inverse_sigma
    along, mean, slope = dgamma * inverse_sigma / n, dbeta / n, gamma * inverse_sigma
    for i in range(len(row)):
        row[i] = (row[i] - _weighed(centred[i] * along, r, i) - _weighed(mean, r, i)) * slope
    return dgamma, dbeta


@njit(**_INNER)
def _cross_entropy_forward(s: Array, n: int, y: Indices, weights: Any) -> Any:
    """Summed losses of scores (K, N), in float64, and 1 / sum over classes of exp(s - largest), which s becomes."""
    largest, total, loss = s[0, :n].copy(), np.zeros(n, s.dtype), np.float64(0)
    for k in range(1, len(s)):
        row = s[k, :n]
        for i in range(n):
            largest[i] = row[i] if row[i] > largest[i] else largest[i]
    for i in range(n):
        loss -= _weighed(s[y[i], i] - largest[i], weights, i)
    for k in range(len(s)):
        row = s[k, :n]
        for i in range(n):
            row[i] = np.exp(row[i] - largest[i])
            total[i] += row[i]
    for i in range(n):
        loss += _weighed(np.log(total[i]), weights, i)
        total[i] = s.dtype.type(1) / total[i]
    return loss, total


@njit(**_INNER)
def _cross_entropy_backward(e: Array, n: int, y: Indices, inverse: Array, factor: Any, r: Any) -> None:
    """factor * r * (p - onehot(y)), in place of what forward left, where p = e * inverse."""
    for k in range(len(e)):
        row = e[k, :n]
        for i in range(n):
            row[i] *= _weighed(inverse[i] * factor, r, i)
    for i in range(n):
        e[y[i], i] -= _weighed(factor, r, i)


@njit(**_INNER)
def _hinge_forward(s: Array, n: int, y: Indices, weights: Any) -> Any:
    """Summed losses of scores (K, N), in float64; s becomes the margins, 0 at the label."""
    zero, unity, loss = s.dtype.type(0), s.dtype.type(1), np.float64(0)
    for i in range(n):
        right = s[y[i], i]
        for k in range(len(s)):
            margin = s[k, i] - right + unity
            s[k, i] = zero if margin < zero else margin
        s[y[i], i] = zero
        for k in range(len(s)):
            loss += _weighed(s[k, i], weights, i)
    return loss


@njit(**_INNER)
def _hinge_backward(margins: Array, n: int, y: Indices, factor: Any, r: Any) -> None:
    """factor * r * ([margin > 0] - onehot(y) * count), in place."""
    zero = margins.dtype.type(0)
    for i in range(n):
        count = zero
        for k in range(len(margins)):
            margins[k, i] = _weighed(factor, r, i) if margins[k, i] > zero else zero
            count += margins[k, i]
        margins[y[i], i] = -count


@njit(**_INNER)
def _squared_error_forward(s: Array, n: int, y: Indices, weights: Any) -> Any:
    """Summed losses of scores (1, N), in float64; s becomes s - y."""
    rest, numbers, loss = s[0, :n], y.view(np.float64), np.float64(0)
    for i in range(n):
        rest[i] -= s.dtype.type(numbers[i])
        loss += _weighed(rest[i] * rest[i], weights, i)
    return loss


@njit(**_INNER)
def _squared_error_backward(s: Array, n: int, factor: Any, r: Any) -> None:
    """factor * r * 2 (s - y), in place of s - y."""
    rest, twice = s[0, :n], s.dtype.type(2) * factor
    for i in range(n):
        rest[i] *= _weighed(twice, r, i)


@njit(**_INNER)
def _loss(s: Array, n: int, y: Indices, kernel: int, factor: Any, r: Any) -> Any:
    """Sum of the losses of one member's scores (K, N), which become factor * N * dJ/ds."""
    if kernel == HINGE:
        loss = _hinge_forward(s, n, y, r)
        _hinge_backward(s, n, y, factor, r)
    elif kernel == SQUARED_ERROR:
        loss = _squared_error_forward(s, n, y, r)
        _squared_error_backward(s, n, factor, r)
    else:
        loss, inverse = _cross_entropy_forward(s, n, y, r)
        _cross_entropy_backward(s, n, y, inverse, factor, r)
    return loss


@njit(**_INNER)
def _part(
    samples: Samples, rows: Indices, before: int, x: Array, W: Array, step: Array, keep: Array, s: Array,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Inputs ``start`` to ``stop`` of the first layer: descend on one minibatch, go forward on the next.

    The one had ``before`` samples, the next has ``rows``; either may have none. Rows of W are scaled by their member's
    ``keep``. s is W x, without biases.
    """
    members, outputs, inputs = W.shape
    flat, steps = W.reshape((members * outputs, inputs)), step.reshape((members * outputs, step.shape[2]))
    columns, values = flat[:, start:stop], x[:, start:stop]
    if before > 0:
        for p in range(members):
            _scale(W[p], keep[p], start, stop)
        _gemm(steps, False, values, False, 1, columns, members * outputs, stop - start, before)
    if len(rows) > 0:
        _fetch(samples, rows, x, start, stop)
        _gemm(columns, False, values, True, 0, s, members * outputs, len(rows), stop - start)


@njit(**_INNER)
def _add(parts: Array, s: Array, n: int) -> None:
    """Sum of parts (T, P * K, N)."""
    for k in range(len(s)):
        for i in range(n):
            s[k, i] = parts[0, k, i]
        for t in range(1, len(parts)):
            for i in range(n):
                s[k, i] += parts[t, k, i]


@njit(parallel=True, **_INNER)
def _first_layer(
    samples: Samples, rows: Indices, before: int, x: Array, W: Array, step: Array, keep: Array, s: Array, parts: Array
) -> None:  # fmt: skip
    """:func:`_part` by a thread for each of ``parts`` (T, P * K, N), whose sum is s (P, K, N)."""
    members, outputs, inputs = W.shape
    count, flat = len(parts), s.reshape((members * outputs, s.shape[2]))
    if count == 1:
        _part(samples, rows, before, x, W, step, keep, flat, np.int64(0), inputs)
        return
    for t in prange(count):
        start, stop = inputs * t // count, inputs * (t + 1) // count
        _part(samples, rows, before, x, W, step, keep, parts[t], start, stop)
    _add(parts, flat, len(rows))


@njit(**_INNER)
def _layer_forward(p: int, layer: int, n: int, net: Net, values: UnitValues, share: float, r: Any) -> None:
    """One member's layer, from the layer below, or in the first layer from the product.

    Args:
        p, layer: which.
        n: samples.
        net, values: all of them.
        share: of the old running values that is kept.
        r: weights of the samples over their mean, (N,), or None.
    """
    s, b = _of(values.s, net, layer, values.size)[p], _vectors(net, layer, BIASES)[p]
    if layer > 0:
        W, below = _weights(net, layer)[p], _of(values.h, net, layer - 1, values.size)[p]
        _gemm(W, False, below, False, 0, s, len(W), n, W.shape[1])
    _add_bias(s, n, b)
    if layer == len(net.layout) - 1:
        return
    h = _of(values.h, net, layer, values.size)[p]
    if net.batch_norm:
        gamma, beta = _vectors(net, layer, GAMMA)[p], _vectors(net, layer, BETA)[p]
        means, variances = _vectors(net, layer, MEAN)[p], _vectors(net, layer, VARIANCE)[p]
        inverse_sigma = _of(values.inverse_sigma, net, layer, 1)[p]
        kept, added = s.dtype.type(share), s.dtype.type(1 - share)
        for k in range(len(b)):
            mean, variance, inverse_sigma[k, 0] = _batchnorm_forward(
                s[k, :n], h[k, :n], gamma[k], beta[k], net.eps, r
            )
            means[k] = kept * means[k] + added * mean
            variances[k] = kept * variances[k] + added * variance
            _relu_forward(h[k, :n], h[k, :n])
    else:
        for k in range(len(b)):
            _relu_forward(s[k, :n], h[k, :n])


@njit(**_INNER)
def _layer_backward(p: int, layer: int, n: int, net: Net, values: UnitValues, keep: Any, r: Any) -> None:
    """One member's layer: its error goes down before its parameters take their step; W of the first layer waits."""
    top = layer == len(net.layout) - 1
    step = _of(values.s if top else values.g, net, layer, values.size)[p]
    if not top:
        h, centred = _of(values.h, net, layer, values.size)[p], _of(values.s, net, layer, values.size)[p]
        for k in range(len(step)):
            _relu_backward(step[k, :n], h[k, :n])
        if net.batch_norm:
            gamma, beta = _vectors(net, layer, GAMMA)[p], _vectors(net, layer, BETA)[p]
            inverse_sigma = _of(values.inverse_sigma, net, layer, 1)[p]
            for k in range(len(step)):
                dgamma, dbeta = _batchnorm_backward(
                    step[k, :n], centred[k, :n], gamma[k], inverse_sigma[k, 0], r
                )
                gamma[k] += dgamma
                beta[k] += dbeta
    if layer > 0:
        W, below = _weights(net, layer)[p], _of(values.h, net, layer - 1, values.size)[p]
        _gemm(W, True, step, False, 0, _of(values.g, net, layer - 1, values.size)[p], W.shape[1], n, len(W))
        _gemm(step, False, below, True, keep, W, len(W), W.shape[1], n)
    _descend_bias(step, n, _vectors(net, layer, BIASES)[p])


@njit(**_OUTER)
def steps(
    samples: Samples, order: Indices, size: int, net: Net, rates: Array, keeps: Array, shares: Array, r: Any,
    threads: int, losses: Array,
) -> int:  # fmt: skip
    """Descend on minibatch after minibatch, until a member's losses are not finite.

    Args:
        samples: of the training split.
        order: indices of those wanted, minibatch after minibatch.
        size: of a minibatch; the last one may be smaller.
        net: changed.
        rates, keeps: for every step -rate and 1 - 2 rate l2, (steps, P).
        shares: of the old running values that every step keeps, (steps, P).
        r: weights of the samples of ``order`` over their minibatch's mean, (P, M) or (1, M), or None.
        threads: parts of the first layer, whose sums they round: how many of them run at a time changes nothing.
        losses: (P,), written: sums of the last step's.

    Returns:
        Steps taken.
    """
    depth, dtype = len(net.layout), net.theta.dtype
    units = net.members * net.layout[:, OUTPUTS].sum()
    s, h, g = np.empty(units * size, dtype), np.empty(units * size, dtype), np.empty(units * size, dtype)
    values = UnitValues(size, s, h, g, np.empty(units, dtype))
    x, y, nothing = np.empty((size, net.layout[0, INPUTS]), dtype), np.empty(size, np.int64), order[:0]
    parts = np.empty((threads, net.members * net.layout[0, OUTPUTS], size if threads > 1 else 0), dtype)
    W, s1 = _weights(net, 0), _of(s, net, 0, size)
    step1 = _of(s if depth == 1 else g, net, 0, size)
    for i in range(len(rates)):
        rows, before = order[i * size : (i + 1) * size], size if i > 0 else 0
        _first_layer(samples, rows, before, x, W, step1, keeps[i - 1], s1, parts)
        for n in range(len(rows)):
            y[n] = samples.labels[rows[n]]
        for p in range(net.members):
            mine = _row(r, p, i * size, i * size + len(rows))
            for layer in range(depth):
                _layer_forward(p, layer, len(rows), net, values, shares[i, p], mine)
            factor = rates[i, p] / net.theta.dtype.type(len(rows))
            losses[p] = _loss(_of(s, net, depth - 1, size)[p], len(rows), y, net.loss, factor, mine)
            for layer in range(depth - 1, -1, -1):
                _layer_backward(p, layer, len(rows), net, values, keeps[i, p], mine)
        if i == len(rates) - 1 or not np.isfinite(losses).all():
            _first_layer(samples, nothing, len(rows), x, W, step1, keeps[i], s1, parts)
            break
    return i + 1


@njit(parallel=True, **_OUTER)
def evaluate(
    samples: Samples, W: Array, b: Array, net: Net, threads: int, loss: Array, right: Array
) -> None:  # fmt: skip
    """Losses and right answers of all members on all samples, block by block.

    Args:
        samples: of the split.
        W, b: the first layer, (P, K, D) and (P, K), with scale and shift folded in: images are cast and nothing else.
        net: all other layers.
        threads: that share the blocks.
        loss, right: (blocks, P), written: sums by weight of losses, and of samples whose label has the highest score.
    """
    blocks = len(loss)
    if threads == 1:
        _blocks(samples, W, b, net, np.int64(0), blocks, loss, right)
        return
    for t in prange(threads):
        _blocks(samples, W, b, net, blocks * t // threads, blocks * (t + 1) // threads, loss, right)


@njit(**_INNER)
def _blocks(
    samples: Samples, W: Array, b: Array, net: Net, start: int, stop: int, loss: Array, right: Array
) -> None:  # fmt: skip
    members, outputs, inputs = W.shape
    widest, dtype = net.layout[:, OUTPUTS].max(), net.theta.dtype
    x, s1 = np.empty((BLOCK, inputs), dtype), np.empty((members * outputs, BLOCK), dtype)
    buffers = np.empty((2, widest, BLOCK), dtype)
    for block in range(start, stop):
        y = samples.labels[block * BLOCK : (block + 1) * BLOCK]
        n = len(y)
        for i in range(n):
            image, out = samples.images[block * BLOCK + i], x[i]
            if samples.floats:
                values = image.view(np.float32)
                for d in range(inputs):
                    out[d] = values[d]
            else:
                for d in range(inputs):
                    out[d] = image[d]
        _gemm(W.reshape((members * outputs, inputs)), False, x, True, 0, s1, members * outputs, n, inputs)
        for p in range(members):
            s = s1[p * outputs : (p + 1) * outputs]
            _add_bias(s, n, b[p])
            for layer in range(1, len(net.layout)):
                if net.batch_norm:
                    _by_running_values(s, n, net, layer - 1, p)
                W_here, above = _weights(net, layer)[p], buffers[layer % 2]
                for k in range(W_here.shape[1]):
                    _relu_forward(s[k, :n], s[k, :n])
                _gemm(W_here, False, s, False, 0, above, len(W_here), n, W_here.shape[1])
                _add_bias(above, n, _vectors(net, layer, BIASES)[p])
                s = above
            scores = s[: net.layout[len(net.layout) - 1, OUTPUTS]]
            mine = _row(samples.weights, p, block * BLOCK, block * BLOCK + n)
            right[block, p] = _right(scores, n, y, mine)
            if net.loss == HINGE:
                loss[block, p] = _hinge_forward(scores, n, y, mine)
            elif net.loss == SQUARED_ERROR:
                loss[block, p] = _squared_error_forward(scores, n, y, mine)
            else:
                loss[block, p] = _cross_entropy_forward(scores, n, y, mine)[0]


@njit(**_INNER)
def _by_running_values(s: Array, n: int, net: Net, layer: int, p: int) -> None:
    gamma, beta = _vectors(net, layer, GAMMA)[p], _vectors(net, layer, BETA)[p]
    mean, variance = _vectors(net, layer, MEAN)[p], _vectors(net, layer, VARIANCE)[p]
    for k in range(len(gamma)):
        row, slope = s[k, :n], gamma[k] / np.sqrt(variance[k] + s.dtype.type(net.eps))
        shift = beta[k] - mean[k] * slope
        for i in range(n):
            row[i] = row[i] * slope + shift


@njit(**_INNER)
def _right(s: Array, n: int, y: Indices, weights: Any) -> float:
    """What samples weigh whose label has the highest score, the first of equals."""
    right = 0.0
    for i in range(n):
        best = 0
        for k in range(1, len(s)):
            if s[k, i] > s[best, i]:
                best = k
        right += _weighed(1.0 if best == y[i] else 0.0, weights, i)
    return right


@contextlib.contextmanager
def threads(wanted: int) -> Iterator[None]:
    """Let compiled loops take so many threads inside, or as many as there are."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(wanted, config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]
    try:
        yield
    finally:
        numba.set_num_threads(before)
