"""Gradient descent that looks ahead along its velocity (Nesterov, 1983), as PyTorch has it: v = nesterov v + g,
p - rate (g + nesterov v)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.components.kinds import Optimizer, UpdateKernel
from chainrule.settings.strict import Strict
from chainrule.train.optimizers.momentum import Kept


class Nesterov(Strict):
    """The share of its velocity that a parameter keeps."""

    nesterov: Kept = 0.9


def step(settings: Nesterov, t: int, gradient: Array, state: Mapping[str, Array], rate: Array) -> Array:
    """-rate (g + nesterov v) with v = nesterov v + g, for gradients (P, ...) and rates (P, 1, ...).

    >>> state = {"velocity": np.array([[10.0]])}
    >>> step(Nesterov(nesterov=0.5), 1, np.array([[3.0]]), state, rate=np.array([[1.0]])).tolist()
    [[-7.0]]
    """
    velocity = state["velocity"]
    velocity *= settings.nesterov
    velocity += gradient
    change: Array = -rate * (gradient + settings.nesterov * velocity)
    return change


def numbers(settings: Nesterov, t: int) -> tuple[float, ...]:
    """What the kernel is given.

    >>> numbers(Nesterov(nesterov=0.5), 0)
    (0.5,)
    """
    return (settings.nesterov,)


def kernel(real: type[np.floating]) -> UpdateKernel:
    """-rate (g + nesterov v) and v of a number of that type, compiled.

    >>> kernel(np.float64)(1.0, np.array([[0.5]]), 0, 3.0, 10.0, 0.0)
    (np.float64(-7.0), np.float64(8.0), 0.0)
    """

    def element(
        rate: Any, numbers: Any, lane: int, g: Any, velocity: Any, second: Any
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        new = numbers[0, lane] * velocity + g
        return -rate * (g + numbers[0, lane] * new), new, second

    return element


NESTEROV = Optimizer(
    name="nesterov",
    about="`v = nesterov v + g`, `p - rate (g + nesterov v)`",
    settings=Nesterov,
    example="{ nesterov = 0.9 }",
    state=("velocity",),
    step=step,
    kernel=kernel,
    numbers=numbers,
)
