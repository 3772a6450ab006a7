"""How sure probabilities should be: one temperature for all members, fitted on rows that were not trained on.

Scores s become s / T in front of softmax (Guo et al., 2017), the same T for all members, whose mean it makes as sure as
it is right: a mean of probabilities is less sure than its members. T minimises the sum of the losses -log p_y over the
rows plus (log T)^2 / (2 deviation^2), as if log T was normal beforehand: a few rows, all told right, say little, and do
not make T 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Labels
from chainrule.errors import TRAINING, needs
from chainrule.nets.net import log_mean_softmax
from chainrule.nn.network import Parameters

with needs(*TRAINING):
    from scipy.optimize import minimize_scalar

_DEVIATION = 0.5
"""Of log T, before any row is seen."""

_LIMIT = 3.0
"""Of log T, either way."""


def temperature(scores: Array, labels: Labels, weights: NDArray[np.float64] | None = None) -> float:
    """T, from members' scores (P, N, K) of rows that were not trained on, their labels (N,) and weights (N,).

    >>> sure, labels = np.array([[[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [0.0, 9.0]]]), np.array([0, 1, 1, 1])
    >>> temperature(sure, labels) > 2  # one of four was told wrong, and surely
    True
    >>> 0.9 < temperature(sure[:, [0, 2]], labels[[0, 2]]) < 1.1
    True
    """
    counted = np.ones(len(labels)) if weights is None else weights / weights.mean()
    rows = np.arange(len(labels))

    def cost(log: float) -> float:
        losses = -log_mean_softmax(scores / np.exp(log))[rows, labels]
        return float((counted * losses).sum() + 0.5 * (log / _DEVIATION) ** 2)

    return float(np.exp(minimize_scalar(cost, bounds=(-_LIMIT, _LIMIT), method="bounded").x))


def cooled(parameters: Parameters, last: int, T: float) -> Parameters:
    """Parameters whose last layer says s / T, in float64.

    >>> cooled({"W1": np.array([[[2.0]]], np.float32), "b1": np.array([[1.0]], np.float32)}, 1, 2.0)["W1"].item()
    1.0
    """
    return parameters | {name: parameters[name].astype(np.float64) / T for name in (f"W{last}", f"b{last}")}
