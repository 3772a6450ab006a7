"""ReLU, forward and backward."""

from __future__ import annotations

import numpy as np

from chainrule.arrays import Array


def relu_forward(s: Array) -> tuple[Array, Array]:
    """h = max(0, s), elementwise on any shape, in the place of s; the cache is h."""
    h = np.maximum(s, 0, out=s)
    return h, h


def relu_backward(dh: Array, h: Array) -> Array:
    """ds = dh where s > 0, else 0, in the place of dh: dh/ds is 1 above 0 and 0 below; at 0 this takes the slope 0."""
    return np.multiply(dh, h > 0, out=dh)
