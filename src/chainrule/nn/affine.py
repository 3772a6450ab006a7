r"""The affine layer s = W x + b of every member, forward, backward, and its descent step.

For one sample n and member p, s_k = sum_d W_kd x_d + b_k. Let ds = dJ/ds be given. J depends on a parameter by every
score that it stands in, and each way counts with the score's derivative. W_kd stands in score k of every sample, times
x_nd; b_k in the same scores, times 1; x_nd in every score of its own sample, times W_kd. So

    dJ/dW_kd = sum_n ds_nk x_nd      dJ/db_k = sum_n ds_nk      dJ/dx_nd = sum_k ds_nk W_kd,

in matrices: dW = ds^T x, db = 1^T ds, dx = ds W.

Scores are shaped (P, N, K) but lie in memory as (P, K, N), so that the members of a layer fed by shared inputs are
one matrix product of (P * K, D) by (D, N), and sums over classes run along contiguous samples.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.machine.products import add_product


class Cache(NamedTuple):
    """What backward needs of forward: the inputs (N, D) or (P, N, D), and W (P, K, D)."""

    x: Array
    W: Array


def forward(x: Array, W: Array, b: Array) -> tuple[Array, Cache]:
    """s = x W^T + b.

    Args:
        x: (N, D) shared by all members, or (P, N, D).
        W: (P, K, D).
        b: (P, K).

    Returns:
        s (P, N, K) and the cache for :func:`backward`.

    Two members see one sample, and each has its own W and b:

    >>> x, W, b = np.array([[1.0, 2.0]]), np.array([[[3.0, 4.0]], [[1.0, 0.0]]]), np.array([[0.5], [0.0]])
    >>> s, cache = forward(x, W, b)
    >>> s.shape, s.ravel().tolist()
    ((2, 1, 1), [11.5, 1.0])
    """
    members, outputs, inputs = W.shape
    if x.ndim == 2:
        s = (W.reshape(members * outputs, inputs) @ x.T).reshape(members, outputs, -1)
    else:
        s = np.matmul(W, x.transpose(0, 2, 1))
    s += b[:, :, np.newaxis]
    return s.transpose(0, 2, 1), Cache(x, W)


def backward(ds: Array, cache: Cache) -> tuple[Array, Array]:
    """dW (P, K, D) and db (P, K) from ds = dJ/ds (P, N, K).

    db is the sum over the samples, dW weighs it by their inputs:

    >>> x, W, b = np.array([[1.0, 2.0], [10.0, 20.0]]), np.zeros((1, 1, 2)), np.zeros((1, 1))
    >>> dW, db = backward(np.array([[[1.0], [-1.0]]]), forward(x, W, b)[1])
    >>> dW.tolist(), db.tolist()
    ([[[-9.0, -18.0]]], [[0.0]])
    """
    x, W = cache
    rows = ds.transpose(0, 2, 1)
    dW = (rows.reshape(-1, len(x)) @ x).reshape(W.shape) if x.ndim == 2 else np.matmul(rows, x)
    return dW, ds.sum(axis=1)


def backward_input(ds: Array, cache: Cache) -> Array:
    """dx (P, N, D) from ds = dJ/ds (P, N, K).

    >>> W = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    >>> backward_input(np.array([[[1.0, 10.0]]]), Cache(np.zeros((1, 2)), W)).tolist()
    [[[31.0, 42.0]]]
    """
    rows: Array = np.matmul(cache.W.transpose(0, 2, 1), ds.transpose(0, 2, 1))
    return rows.transpose(0, 2, 1)


def descend(step: Array, cache: Cache, b: Array, keep: Array) -> None:
    """Take a step of gradient descent on W (that of the cache) and b in place, on J = loss + l2 |W|^2.

    W - rate * (dW + 2 l2 W) = (1 - 2 rate l2) W + (-rate ds)^T x: scale W's rows, then add one product. dW is
    never formed; a test holds the result against :func:`backward`.

    Args:
        step: -rate * dJ/ds, (P, N, K).
        cache: of :func:`forward`; its W (P, K, D) is changed.
        b: (P, K), changed.
        keep: 1 - 2 rate l2, (P,), in W's type.

    With rate 0.5 and l2 0.5, W = 4 keeps half of itself; -rate dJ/ds = 1, weighed by x = 3, is added:

    >>> x, W, b = np.array([[3.0]]), np.array([[[4.0]]]), np.array([[0.0]])
    >>> descend(np.array([[[1.0]]]), Cache(x, W), b, np.array([1 - 2 * 0.5 * 0.5]))
    >>> W.item(), b.item()
    (5.0, 1.0)
    """
    x, W = cache
    W *= keep[:, np.newaxis, np.newaxis]
    b += np.einsum("pnk->pk", step)
    rows = step.transpose(0, 2, 1)
    if x.ndim == 2:
        add_product(W.reshape(-1, W.shape[2]), rows.reshape(-1, len(x)), x)
    else:
        W += np.matmul(rows, x)
