r"""Weights of samples: the cost of a minibatch is J = sum_n w_n l_n / sum_n w_n, of every member by its own weights.

With r_n = w_n / mean(w), which is what layers get, J = (1/N) sum_n r_n l_n: the error of each sample is multiplied
by its r_n, and a weighted mean is the mean of r_n times what it is of. Where all weights are equal, r_n = 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array


def relative(weights: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Weights (P, N) of a minibatch over their mean, and which members it moves, (P,).

    One of weight 0 moves nothing: its r_n are 1, so that all stays finite, and whoever descends leaves it out.

    >>> relative(np.array([[1.0, 3.0], [0.0, 0.0]]))
    (array([[0.5, 1.5],
           [1. , 1. ]]), array([ True, False]))
    """
    mean = weights.mean(axis=1)
    moves = mean > 0
    divisor = np.where(moves, mean, 1)
    return np.where(moves[:, np.newaxis], weights / divisor[:, np.newaxis], 1), moves


def weighed(values: Array, r: Array | None) -> Array:
    """Values (P, N, ...) times r (P, N), or (1, N) for all members alike; themselves where there is none.

    >>> weighed(np.ones((1, 2, 1)), np.array([[0.5, 1.5]])).ravel().tolist(), weighed(np.ones(1), None).tolist()
    ([0.5, 1.5], [1.0])
    """
    if r is None:
        return values
    return np.asarray(values * r.astype(values.real.dtype).reshape(*r.shape, *[1] * (values.ndim - 2)))
