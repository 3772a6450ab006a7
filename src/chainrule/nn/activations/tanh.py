"""The hyperbolic tangent, h = tanh(s): dh/ds = 1 - h^2."""

from __future__ import annotations

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation


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


TANH = Activation(
    name="tanh",
    about="hyperbolic tangent",
    forward=forward,
    backward=backward,
)
