"""Gaussian error linear units, h = s Phi(s) with the normal distribution's Phi(s) = (1 + erf(s / sqrt 2)) / 2
(Hendrycks and Gimpel, 2016).

Phi' = phi, its density exp(-s^2 / 2) / sqrt(2 pi), so dh/ds = Phi(s) + s phi(s). The activation
``gelu_tanh`` comes near it, and is computed sooner.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Activation
from chainrule.errors import TRAINING, needs
from chainrule.nn.exponential import exponential

ROOT_HALF = math.sqrt(0.5)
DENSITY = 1 / math.sqrt(2 * math.pi)


class NormalCache(NamedTuple):
    """s and Phi(s), both in the shape of s."""

    s: Array
    share: Array


def forward(s: Array) -> tuple[Array, NormalCache]:
    """h = s Phi(s), elementwise on any shape.

    >>> forward(np.array([-100.0, 0.0, 1.0]))[0].round(4).tolist()
    [-0.0, 0.0, 0.8413]
    """
    with needs(*TRAINING):
        from scipy.special import erf
    share = (1 + erf(ROOT_HALF * s)) / 2
    return s * share, NormalCache(s, share)


def backward(dh: Array, cache: NormalCache) -> Array:
    """ds = (Phi + s phi) dh, in the place of dh.

    >>> backward(np.array([2.0]), forward(np.array([0.0]))[1]).tolist()
    [1.0]
    """
    s, share = cache
    dh *= share + s * (DENSITY * np.exp(-(s**2) / 2))
    return dh


def kernel(real: type[np.floating]) -> Callable[[Any], tuple[Any, Any]]:
    """h and dh/ds of a number of that type, compiled.

    >>> [round(float(value), 4) for value in kernel(np.float64)(np.float64(1.0))]
    [0.8413, 1.0833]
    """
    half, one, root, density = real(0.5), real(1), real(ROOT_HALF), real(DENSITY)

    def element(s: Any) -> tuple[Any, Any]:
        share = half * (one + math.erf(root * s))
        return s * share, share + s * (density * exponential(-half * s * s))

    return element


GELU = Activation(
    name="gelu",
    about="Gaussian error linear units (PyTorch's GELU as it comes), s (1 + erf(s / sqrt(2))) / 2",
    forward=forward,
    backward=backward,
    kernel=kernel,
)
