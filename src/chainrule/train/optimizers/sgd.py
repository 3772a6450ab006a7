"""Gradient descent, p - rate g."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainrule.arrays import Array
from chainrule.components.kinds import Optimizer


def step(settings: Any, t: int, gradient: Array, state: Mapping[str, Array], rate: Array) -> Array:
    """-rate g, for gradients (P, ...) and rates (P, 1, ...). The engines take it without forming g.

    >>> import numpy as np
    >>> step(None, 0, np.array([[3.0]]), {}, rate=np.array([[0.5]])).tolist()
    [[-1.5]]
    """
    change: Array = -rate * gradient
    return change


SGD = Optimizer(name="sgd", about="gradient descent, `p - rate g`", step=step, kernel="sgd")
