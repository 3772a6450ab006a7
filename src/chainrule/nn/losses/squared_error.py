r"""Squared error of numbers, l = (s - y)^2: dl/ds = 2 (s - y). The cost is the mean over the N samples, so
dJ/ds = 2 (s - y) / N. scikit-learn halves it.
"""

from __future__ import annotations

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Loss


def forward(s: Array, y: Array) -> tuple[Array, Array]:
    """Losses (P, N) of scores s (P, N, 1) and numbers y (N,); the cache is s - y, (P, N).

    >>> losses, rest = forward(np.array([[[2.0], [5.0]]]), np.array([1.0, 7.0]))
    >>> losses.tolist(), rest.tolist()
    ([[1.0, 4.0]], [[1.0, -2.0]])
    """
    rest = s[:, :, 0] - y.astype(s.real.dtype)
    return rest**2, rest


def backward(rest: Array) -> Array:
    """2 (s - y) / N, (P, N, 1).

    >>> backward(np.array([[1.0, -2.0]])).ravel().tolist()
    [1.0, -2.0]
    """
    ds: Array = rest[:, :, np.newaxis] * (2 / rest.shape[1])
    return ds


SQUARED_ERROR = Loss(
    name="squared_error",
    about="squared error of a number, (s - y)^2; `MLPRegressor` trains with it",
    forward=forward,
    backward=backward,
    kernel="squared_error",
    numbers=True,
)
