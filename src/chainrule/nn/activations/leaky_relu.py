"""ReLU that leaks, h = s above 0 and 0.01 s below: dh/ds is 1 above 0 and 0.01 below; at 0 the slope 0.01 is taken.

h has the sign of s, so that it tells the slope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation

LEAK = 0.01
"""The slope below 0."""


def forward(s: Array) -> tuple[Array, Array]:
    """h = s above 0, 0.01 s below, elementwise on any shape, in the place of s; the cache is h.

    >>> forward(np.array([-100.0, 0.0, 2.0]))[0].tolist()
    [-1.0, 0.0, 2.0]
    """
    h = np.multiply(s, LEAK, out=s, where=~(s > 0))
    return h, h


def backward(dh: Array, h: Array) -> Array:
    """ds = dh where s > 0, else 0.01 dh, in the place of dh.

    >>> backward(np.array([100.0, 100.0]), h=np.array([-1.0, 2.0])).tolist()
    [1.0, 100.0]
    """
    return np.multiply(dh, LEAK, out=dh, where=~(h > 0))


def active(h: Array) -> Array:
    """Where s is above 0.

    >>> active(np.array([-1.0, 2.0])).tolist()
    [False, True]
    """
    return np.asarray(h > 0)


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    >>> kernel(np.float64)(np.float64(-100.0))
    (np.float64(-1.0), np.float64(0.01))
    """
    nothing, one, leak = real(0), real(1), real(LEAK)

    def element(s: Any) -> tuple[Any, Any]:
        slope = one if s > nothing else leak
        return s * slope, slope

    return element


LEAKY_RELU = Activation(
    name="leaky_relu",
    about="rectified linear units that leak, s above 0 and 0.01 s below",
    forward=forward,
    backward=backward,
    kernel=kernel,
    pieces=active,
)
