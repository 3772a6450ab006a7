"""Gradient descent, p - rate g."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Optimizer, UpdateKernel


def step(settings: Any, t: int, gradient: Array, state: Mapping[str, Array], rate: Array) -> Array:
    """-rate g, for gradients (P, ...) and rates (P, 1, ...). The engines take it without forming g.

    >>> step(None, 0, np.array([[3.0]]), {}, rate=np.array([[0.5]])).tolist()
    [[-1.5]]
    """
    change: Array = -rate * gradient
    return change


def kernel(real: type[np.floating]) -> UpdateKernel:
    """-rate g of a number of that type, compiled, where g is formed: beside a mean of weights.

    >>> kernel(np.float64)(0.5, None, 0, 3.0, 0.0, 0.0)
    (-1.5, 0.0, 0.0)
    """

    def element(
        rate: Any, numbers: Any, lane: int, g: Any, first: Any, second: Any
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        return -rate * g, first, second

    return element


SGD = Optimizer(name="sgd", about="gradient descent, `p - rate g`", step=step, kernel=kernel)
