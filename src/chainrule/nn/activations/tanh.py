"""The hyperbolic tangent, h = tanh(s): dh/ds = 1 - h^2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation
from chainrule.nn.exponential import exponential


def forward(s: Array) -> tuple[Array, Array]:
    """h = tanh(s), elementwise on any shape, in the place of s; the cache is h.

    >>> h, cache = forward(np.array([-100.0, 0.0, 0.5]))
    >>> h.round(4).tolist()
    [-1.0, 0.0, 0.4621]
    """
    h = np.tanh(s, out=s)
    return h, h


def backward(dh: Array, h: Array) -> Array:
    """ds = (1 - h^2) dh, in the place of dh.

    >>> backward(np.array([2.0, 2.0]), h=np.array([0.0, 0.5])).tolist()
    [2.0, 1.5]
    """
    dh *= 1 - h**2
    return dh


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    tanh |s| = (1 - e) / (1 + e) with e = exp(-2 |s|), which overflows nowhere.

    >>> [value.round(4).item() for value in kernel(np.float64)(np.float64(-0.5))]
    [-0.4621, 0.7864]
    """
    nothing, one, two = real(0), real(1), real(2)

    def element(s: Any) -> tuple[Any, Any]:
        e = exponential(-two * abs(s))
        h = (one - e) / (one + e)
        return (-h if s < nothing else h), one - h * h

    return element


TANH = Activation(
    name="tanh",
    about="hyperbolic tangent",
    forward=forward,
    backward=backward,
    kernel=kernel,
)
