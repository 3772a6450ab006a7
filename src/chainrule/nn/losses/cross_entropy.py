r"""Softmax cross-entropy, l = -log p_y with p = softmax(s).

l = log(sum_j exp s_j) - s_y, so dl/ds_k = exp(s_k) / sum_j exp(s_j) - [k = y] = p_k - [k = y]. The largest
score is subtracted first: it cancels in p and keeps exp from overflowing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array, Labels
from chainrule.components.kinds import Loss


class CrossEntropyCache(NamedTuple):
    """Probabilities (P, N, K) and labels (N,)."""

    p: Array
    y: Labels


def forward(s: Array, y: Labels) -> tuple[Array, CrossEntropyCache]:
    """Losses (P, N) of scores s (P, N, K) and labels y (N,).

    Three equal scores: p = 1/3 each, and the loss is log 3.

    >>> losses, (p, y) = forward(np.zeros((1, 1, 3)), np.array([2]))
    >>> losses.round(4).tolist(), p.round(4).tolist()
    ([[1.0986]], [[[0.3333, 0.3333, 0.3333]]])
    """
    z = s - s.max(axis=2, keepdims=True)
    z_y = z[:, np.arange(len(y)), y]
    p = np.exp(z, out=z)
    total = p.sum(axis=2)
    p /= total[:, :, np.newaxis]
    return np.log(total) - z_y, CrossEntropyCache(p, y)


def backward(cache: CrossEntropyCache) -> Array:
    """(p - onehot(y)) / N, (P, N, K); uses the cache up.

    >>> backward(forward(np.zeros((1, 1, 4)), np.array([2]))[1]).tolist()
    [[[0.25, 0.25, -0.75, 0.25]]]
    """
    p, y = cache
    p[:, np.arange(len(y)), y] -= 1
    p /= len(y)
    return p


CROSS_ENTROPY = Loss(
    name="cross_entropy",
    about="softmax cross-entropy, -log of the label's probability softmax(s)_y",
    forward=forward,
    backward=backward,
    kernel="cross_entropy",
    probabilities=True,
    smoothed=True,
)
