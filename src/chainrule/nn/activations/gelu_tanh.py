"""Gaussian error linear units by a tanh, h = s (1 + t) / 2 with t = tanh(u), u = c (s + a s^3) (Hendrycks, 2016).

c = sqrt(2 / pi) and a = 0.044715 bring (1 + t) / 2 within 0.0005 of the normal distribution's Phi(s), by which GELU is
s Phi(s). dt/ds = (1 - t^2) u' with u' = c (1 + 3 a s^2), so dh/ds = (1 + t) / 2 + s (1 - t^2) u' / 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation
from chainrule.nn.exponential import logistic

C = math.sqrt(2 / math.pi)
A = 0.044715


class GeluCache(NamedTuple):
    """s and t, both in the shape of s."""

    s: Array
    t: Array


def forward(s: Array) -> tuple[Array, GeluCache]:
    """h = s (1 + tanh(c (s + a s^3))) / 2, elementwise on any shape.

    >>> forward(np.array([-100.0, 0.0, 1.0]))[0].round(4).tolist()
    [-0.0, 0.0, 0.8412]
    """
    t = np.tanh(C * s * (1 + A * s**2))
    return s * (1 + t) / 2, GeluCache(s, t)


def backward(dh: Array, cache: GeluCache) -> Array:
    """ds = ((1 + t) / 2 + s (1 - t^2) u' / 2) dh, in the place of dh.

    >>> backward(np.array([2.0]), forward(np.array([0.0]))[1]).tolist()
    [1.0]
    """
    s, t = cache
    dh *= (1 + t) / 2 + s * (1 - t**2) * (C / 2 * (1 + 3 * A * s**2))
    return dh


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    (1 + tanh u) / 2 is the logistic function of 2 u.

    >>> [value.round(4).item() for value in kernel(np.float64)(np.float64(1.0))]
    [0.8412, 1.083]
    """
    one, c, a = real(1), real(2 * C), real(A)
    three = real(3 * A)

    def element(s: Any) -> tuple[Any, Any]:
        square = s * s
        p = logistic(c * s * (one + a * square), one)
        h = s * p
        return h, p + h * (one - p) * (c * (one + three * square))

    return element


GELU_TANH = Activation(
    name="gelu_tanh",
    about='Gaussian error linear units by a tanh (PyTorch\'s GELU with `approximate="tanh"`), '
    "s (1 + tanh(sqrt(2 / pi) (s + 0.044715 s^3))) / 2",
    forward=forward,
    backward=backward,
    kernel=kernel,
)
