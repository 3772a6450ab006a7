"""Gradient descent with a velocity (Polyak, 1964), as PyTorch has it: v = momentum v + g, p - rate v."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from chainrule.arrays import Array
from chainrule.components.kinds import Optimizer, UpdateKernel
from chainrule.settings.strict import Strict

Kept = Annotated[float, Field(ge=0, lt=1)]


class Momentum(Strict):
    """The share of its velocity that a parameter keeps."""

    momentum: Kept = 0.9


def step(settings: Momentum, t: int, gradient: Array, state: Mapping[str, Array], rate: Array) -> Array:
    """-rate v with v = momentum v + g, for gradients (P, ...) and rates (P, 1, ...).

    >>> state = {"velocity": np.array([[10.0]])}
    >>> step(Momentum(momentum=0.5), 1, np.array([[3.0]]), state, rate=np.array([[0.5]])).tolist()
    [[-4.0]]
    >>> state["velocity"].tolist()
    [[8.0]]
    """
    velocity = state["velocity"]
    velocity *= settings.momentum
    velocity += gradient
    change: Array = -rate * velocity
    return change


def numbers(settings: Momentum, t: int) -> tuple[float, ...]:
    """What the kernel is given.

    >>> numbers(Momentum(momentum=0.5), 0)
    (0.5,)
    """
    return (settings.momentum,)


def kernel(real: type[np.floating]) -> UpdateKernel:
    """-rate v and v of a number of that type, compiled.

    >>> kernel(np.float64)(0.5, np.array([[0.5]]), 0, 3.0, 10.0, 0.0)
    (np.float64(-4.0), np.float64(8.0), 0.0)
    """

    def element(
        rate: Any, numbers: Any, lane: int, g: Any, velocity: Any, second: Any
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        new = numbers[0, lane] * velocity + g
        return -rate * new, new, second

    return element


MOMENTUM = Optimizer(
    name="momentum",
    about="`v = momentum v + g`, `p - rate v`",
    settings=Momentum,
    example="{ momentum = 0.9 }",
    state=("velocity",),
    step=step,
    kernel=kernel,
    numbers=numbers,
)
