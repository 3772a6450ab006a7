r"""The affine layer s = W x + b of every member, forward, backward, and its descent step.

For one sample n and member p, s_k = sum_d W_kd x_d + b_k. With ds = dJ/ds given,

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
    """
    members, outputs, inputs = W.shape
    if x.ndim == 2:
        s = (W.reshape(members * outputs, inputs) @ x.T).reshape(members, outputs, -1)
    else:
        s = np.matmul(W, x.transpose(0, 2, 1))
    s += b[:, :, np.newaxis]
    return s.transpose(0, 2, 1), Cache(x, W)


def backward(ds: Array, cache: Cache) -> tuple[Array, Array]:
    """dW (P, K, D) and db (P, K) from ds = dJ/ds (P, N, K)."""
    x, W = cache
    rows = ds.transpose(0, 2, 1)
    dW = (rows.reshape(-1, len(x)) @ x).reshape(W.shape) if x.ndim == 2 else np.matmul(rows, x)
    return dW, ds.sum(axis=1)


def backward_input(ds: Array, cache: Cache) -> Array:
    """dx (P, N, D) from ds = dJ/ds (P, N, K)."""
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
    """
    x, W = cache
    W *= keep[:, np.newaxis, np.newaxis]
    b += np.einsum("pnk->pk", step)
    rows = step.transpose(0, 2, 1)
    if x.ndim == 2:
        add_product(W.reshape(-1, W.shape[2]), rows.reshape(-1, len(x)), x)
    else:
        W += np.matmul(rows, x)
