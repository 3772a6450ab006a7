"""What may stand between two layers: functions of one number, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array


@dataclass(frozen=True)
class PlainActivation:
    """A function h(out), entry by entry.

    Attributes:
        words: what a reader calls it.
        function: h from out.
        slope: dh/dout from out.
        below: the slope below 0 of one that has a kink there; None of a smooth one.
    """

    words: str
    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    below: float | None = None


def sigmoid(s: Array) -> Array:
    """1 / (1 + exp(-s)), which does not overflow."""
    h: Array = 0.5 * (1 + np.tanh(0.5 * s))
    return h


def sigmoid_slope(s: Array) -> Array:
    h = sigmoid(s)
    slope: Array = h * (1 - h)
    return slope


def tanh_slope(s: Array) -> Array:
    slope: Array = 1 - np.tanh(s) ** 2
    return slope


def _softplus(s: Array) -> Array:
    h: Array = np.logaddexp(0.0, s)
    return h


def leaky(below: float) -> PlainActivation:
    """max(s, 0) + below * min(s, 0)."""
    return PlainActivation(
        f"leaky ReLU of slope {below:g}",
        lambda s: np.where(s > 0, s, below * s),
        lambda s: np.where(s > 0, 1.0, below),
        below,
    )


RELU = PlainActivation("ReLU", lambda s: np.maximum(s, 0.0), lambda s: (s > 0).astype(float), 0.0)
SIGMOID = PlainActivation("sigmoid", sigmoid, sigmoid_slope)
TANH = PlainActivation("tanh", np.tanh, tanh_slope)
SOFTPLUS = PlainActivation("softplus", _softplus, sigmoid)
LEAKY_SLOPES = (0.01, 0.1, 0.2, 0.3, 0.05, 0.02, 0.25, 0.001)
"""Slopes that are usual below 0, the likeliest first."""

OTHERS = (SIGMOID, TANH, *map(leaky, LEAKY_SLOPES), SOFTPLUS)
"""Those that a cost is read with besides ReLU, the likeliest first."""
