r"""Label smoothing of cross-entropy (Szegedy, 2016): targets t = (1 - a) onehot(y) + a / K in the place of onehot(y).

l = -sum_k t_k log p_k with p = softmax(s), and log p_k = s_k - log Z. As the t_k sum to 1,

    l = log Z - (1 - a) s_y - (a / K) sum_k s_k = -log p_y + a (s_y - mean_k s_k):

what smoothing adds to cross-entropy is linear in the scores. Its derivative by s_k is a ([k = y] - 1/K), and with the
mean over the N samples dJ/ds_k becomes p_k - t_k, over N.

Every member has an a of its own, as it has an l2. Evaluation measures cross-entropy without it, so that members can be
compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Labels


def forward(s: Array, y: Labels, share: NDArray[np.float64]) -> Array:
    """What it adds to losses (P, N), of scores s (P, N, K), labels y (N,) and the members' a (P,).

    >>> forward(np.array([[[3.0, 1.0, 2.0]]]), np.array([0]), np.array([0.1])).round(6).tolist()
    [[0.1]]
    """
    over = s[:, np.arange(len(y)), y] - s.mean(axis=2)
    added: Array = over * share.astype(s.real.dtype)[:, np.newaxis]
    return added


def backward(ds: Array, y: Labels, share: NDArray[np.float64]) -> None:
    """Add its part to dJ/ds (P, N, K) of the mean over the samples, in place.

    >>> ds = np.zeros((1, 1, 4))
    >>> backward(ds, np.array([2]), np.array([0.2]))
    >>> ds.round(6).tolist()
    [[[-0.05, -0.05, 0.15, -0.05]]]
    """
    each = (share / len(y)).astype(ds.dtype)
    ds -= each[:, np.newaxis, np.newaxis] / ds.shape[2]
    ds[:, np.arange(len(y)), y] += each[:, np.newaxis]
