"""ReLU, h = max(0, s): dh/ds is 1 above 0 and 0 below; at 0 the slope 0 is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation


def forward(s: Array) -> tuple[Array, Array]:
    """h = max(0, s), elementwise on any shape, in the place of s; the cache is h.

    >>> h, cache = forward(np.array([-1.0, 0.0, 2.0]))
    >>> h.tolist()
    [0.0, 0.0, 2.0]
    """
    h = np.maximum(s, 0, out=s)
    return h, h


def backward(dh: Array, h: Array) -> Array:
    """ds = dh where s > 0, else 0, in the place of dh.

    >>> backward(np.array([10.0, 10.0, 10.0]), h=np.array([0.0, 0.0, 2.0])).tolist()  # the slope at 0 is 0
    [0.0, 0.0, 10.0]
    """
    return np.multiply(dh, h > 0, out=dh)


def active(h: Array) -> Array:
    """Where s is above 0.

    >>> active(np.array([0.0, 2.0])).tolist()
    [False, True]
    """
    return np.asarray(h > 0)


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    >>> kernel(np.float64)(np.float64(2.0))
    (np.float64(2.0), np.float64(1.0))
    """
    nothing, one = real(0), real(1)

    def element(s: Any) -> tuple[Any, Any]:
        # NaN is not below zero, so a diverging member shows in its loss.
        return (nothing if s < nothing else s), (one if s > nothing else nothing)

    return element


RELU = Activation(
    name="relu",
    about="rectified linear units, max(0, s)",
    forward=forward,
    backward=backward,
    kernel=kernel,
    pieces=active,
)
