"""SiLU or swish, h = s p with p = 1 / (1 + exp(-s)) (Hendrycks and Gimpel, 2016).

dh/ds = p + s p (1 - p) = p + h (1 - p).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation
from chainrule.nn import exponential
from chainrule.nn.activations.sigmoid import logistic


class SiluCache(NamedTuple):
    """h, and p = 1 / (1 + exp(-s)), both in the shape of s."""

    h: Array
    p: Array


def forward(s: Array) -> tuple[Array, SiluCache]:
    """h = s / (1 + exp(-s)), elementwise on any shape, in the place of s.

    >>> forward(np.array([-1000.0, 0.0, 1.0]))[0].round(4).tolist()
    [-0.0, 0.0, 0.7311]
    """
    p = logistic(s)
    h = np.multiply(s, p, out=s)
    return h, SiluCache(h, p)


def backward(dh: Array, cache: SiluCache) -> Array:
    """ds = (p + h (1 - p)) dh, in the place of dh.

    >>> backward(np.array([2.0]), SiluCache(h=np.array([0.0]), p=np.array([0.5]))).tolist()
    [1.0]
    """
    h, p = cache
    dh *= p + h * (1 - p)
    return dh


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    >>> kernel(np.float64)(np.float64(0.0))
    (np.float64(0.0), np.float64(0.5))
    """
    one = real(1)
    probability = exponential.logistic

    def element(s: Any) -> tuple[Any, Any]:
        p = probability(s, one)
        h = s * p
        return h, p + h * (one - p)

    return element


SILU = Activation(
    name="silu",
    about="sigmoid linear units (swish), s / (1 + exp(-s))",
    forward=forward,
    backward=backward,
    kernel=kernel,
)
