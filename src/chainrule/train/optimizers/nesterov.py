"""Gradient descent that looks ahead along its velocity (Nesterov, 1983), as PyTorch has it: v = nesterov v + g,
p - rate (g + nesterov v)."""

from __future__ import annotations

from collections.abc import Mapping

from chainrule.arrays import Array
from chainrule.components.kinds import Optimizer
from chainrule.settings.strict import Strict
from chainrule.train.optimizers.momentum import Kept


class Nesterov(Strict):
    """The share of its velocity that a parameter keeps."""

    nesterov: Kept = 0.9


def step(settings: Nesterov, t: int, gradient: Array, state: Mapping[str, Array], rate: Array) -> Array:
    """-rate (g + nesterov v) with v = nesterov v + g, for gradients (P, ...) and rates (P, 1, ...).

    >>> import numpy as np
    >>> state = {"velocity": np.array([[10.0]])}
    >>> step(Nesterov(nesterov=0.5), 1, np.array([[3.0]]), state, rate=np.array([[1.0]])).tolist()
    [[-7.0]]
    """
    velocity = state["velocity"]
    velocity *= settings.nesterov
    velocity += gradient
    change: Array = -rate * (gradient + settings.nesterov * velocity)
    return change


NESTEROV = Optimizer(
    name="nesterov",
    about="`v = nesterov v + g`, `p - rate (g + nesterov v)`",
    settings=Nesterov,
    example="{ nesterov = 0.9 }",
    state=("velocity",),
    step=step,
)
