"""The l2 penalty l2 * |W|^2, forward and backward. Biases carry none.

W_kd stands in one square alone, l2 W_kd^2, whose derivative is 2 l2 W_kd: the gradient is 2 l2 W.
"""

from __future__ import annotations

import numpy as np

from chainrule.arrays import Array


def forward(W: Array, l2: Array) -> Array:
    """l2 * sum of W's squares: (P,) in float64, of W (P, K, D) and l2 (P,).

    >>> forward(np.array([[[3.0, 4.0]]]), np.array([0.1])).tolist()
    [2.5]
    """
    rows = W.reshape(len(W), -1)
    squares: Array = np.einsum("pi,pi->p", rows, rows, dtype=np.float64)
    return l2 * squares


def backward(W: Array, l2: Array) -> Array:
    """2 * l2 * W, (P, K, D).

    >>> backward(np.array([[[3.0, 4.0]]]), np.array([0.5])).tolist()  # the 2 is that of the square
    [[[3.0, 4.0]]]
    """
    return (2.0 * l2).astype(W.dtype)[:, np.newaxis, np.newaxis] * W
