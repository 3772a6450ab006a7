"""The logistic function, h = 1 / (1 + exp(-s)): dh/ds = h (1 - h).

It is (1 + tanh(s / 2)) / 2, which overflows nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation
from chainrule.nn import exponential


def logistic(s: Array) -> Array:
    """1 / (1 + exp(-s)), elementwise on any shape, a new array.

    >>> logistic(np.array([-1000.0, 0.0, 1.0])).round(4).tolist()
    [0.0, 0.5, 0.7311]
    """
    h: Array = np.tanh(s / 2)
    h += 1
    h /= 2
    return h


def forward(s: Array) -> tuple[Array, Array]:
    """h = 1 / (1 + exp(-s)); the cache is h.

    >>> forward(np.array([0.0]))[0].tolist()
    [0.5]
    """
    h = logistic(s)
    return h, h


def backward(dh: Array, h: Array) -> Array:
    """ds = h (1 - h) dh, in the place of dh.

    >>> backward(np.array([4.0]), h=np.array([0.5])).tolist()
    [1.0]
    """
    dh *= h * (1 - h)
    return dh


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    >>> kernel(np.float64)(np.float64(0.0))
    (np.float64(0.5), np.float64(0.25))
    """
    one = real(1)
    logistic = exponential.logistic

    def element(s: Any) -> tuple[Any, Any]:
        h = logistic(s, one)
        return h, h * (one - h)

    return element


SIGMOID = Activation(
    name="sigmoid",
    about="logistic function, 1 / (1 + exp(-s))",
    forward=forward,
    backward=backward,
    kernel=kernel,
)
