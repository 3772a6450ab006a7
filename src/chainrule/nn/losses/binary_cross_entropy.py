r"""Binary cross-entropy of every output by itself, with p = 1 / (1 + exp(-s)) and targets t of 0 and 1:
l = -sum over k of (t_k log p_k + (1 - t_k) log(1 - p_k)).

log p = s - log(1 + exp s) and log(1 - p) = -log(1 + exp s), so that l = sum over k of log(1 + exp s_k) - t_k s_k, and
dl/ds_k = p_k - t_k. log(1 + exp s) = max(s, 0) + log(1 + exp(-|s|)) keeps exp from overflowing.

Labels y (N,) stand for the targets [k = y]: one class against the rest. Where several of K may be right at once, or
none, y are the targets themselves, (N, K); with one output they are (N, 1), and this is the loss of logistic
regression.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Loss


class LogisticCache(NamedTuple):
    """Probabilities (P, N, K) and targets (N, K)."""

    p: Array
    t: Array


def targets(y: Array, outputs: int) -> Array:
    """Targets (N, K) of 0 and 1, of labels (N,), or of themselves.

    >>> targets(np.array([2, 0]), 3).tolist(), targets(np.array([[1, 1, 0]]), 3).tolist()
    ([[0, 0, 1], [1, 0, 0]], [[1, 1, 0]])
    """
    return y if y.ndim == 2 else (y[:, np.newaxis] == np.arange(outputs)).astype(np.uint8)


def forward(s: Array, y: Array) -> tuple[Array, LogisticCache]:
    """Losses (P, N) of scores s (P, N, K) and labels y (N,), or targets (N, K).

    Two outputs of score 0: p = 1/2 each, and the loss is 2 log 2.

    >>> losses, (p, t) = forward(np.zeros((1, 1, 2)), np.array([1]))
    >>> losses.round(4).tolist(), p.tolist(), t.tolist()
    ([[1.3863]], [[[0.5, 0.5]]], [[0.0, 1.0]])
    """
    t, above = targets(y, s.shape[2]).astype(s.real.dtype), s.real > 0
    decayed = np.exp(np.where(above, -s, s))
    losses = (np.where(above, s, 0) - s * t + np.log1p(decayed)).sum(axis=2)
    return losses, LogisticCache(np.where(above, 1, decayed) / (1 + decayed), t)


def backward(cache: LogisticCache) -> Array:
    """(p - t) / N, (P, N, K); uses the cache up.

    >>> backward(forward(np.zeros((1, 1, 2)), np.array([1]))[1]).tolist()
    [[[0.5, -0.5]]]
    """
    ds, t = cache
    ds -= t
    ds /= len(t)
    return ds


BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    about="binary cross-entropy of every output by itself, one class against the rest, or of rows that have several "
    "labels or none",
    forward=forward,
    backward=backward,
    kernel="binary_cross_entropy",
    several=True,
)
