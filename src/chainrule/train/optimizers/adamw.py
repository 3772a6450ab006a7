"""Adam with weights that decay apart from the gradient (Loshchilov and Hutter, 2019): first W - rate weight_decay W,
then Adam's step. Biases and batch norm's parameters do not decay, as they carry no penalty."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chainrule.components.kinds import Optimizer
from chainrule.settings.settings import LARGEST_RATE
from chainrule.train.optimizers.moments import STATE, Moments, kernel, numbers, step


class AdamW(Moments):
    """The settings of Adam, and the share of W that a step takes away at rate 1."""

    weight_decay: Annotated[float, Field(ge=0, le=LARGEST_RATE)] = 0.01


def decay(settings: AdamW) -> float:
    """What a step takes away of W at rate 1.

    >>> decay(AdamW(weight_decay=0.1))
    0.1
    """
    return settings.weight_decay


ADAMW = Optimizer(
    name="adamw",
    about="Adam, and `W - rate weight_decay W` before each step",
    settings=AdamW,
    example="{ weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }",
    state=STATE,
    step=step,
    kernel=kernel,
    numbers=numbers,
    decay=decay,
)
