"""Steps at a pace of its own for every entry (Kingma and Ba, 2015), of Adam and AdamW.

m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g^2 begin with 0, so that after t + 1 steps they are too small
by 1 - beta1^(t+1) and 1 - beta2^(t+1) of what they would be of a constant g; divided by these they are not. The step is
-rate m / (sqrt(v) + eps).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from chainrule.arrays import Array
from chainrule.settings.strict import Strict
from chainrule.train.optimizers.momentum import Kept

STATE = ("first", "second")


class Moments(Strict):
    """The shares of old means that new ones keep, of gradients and of their squares, and what is added to roots."""

    beta1: Kept = 0.9
    beta2: Kept = 0.999
    eps: Annotated[float, Field(gt=0, le=1)] = 1e-8


def step(settings: Moments, t: int, gradient: Array, state: Mapping[str, Array], rate: Array) -> Array:
    """-rate m / (sqrt(v) + eps), for gradients (P, ...) and rates (P, 1, ...); moves the state in place.

    The first step is as long as the rate, whatever the gradient:

    >>> state = {"first": np.zeros((1, 2)), "second": np.zeros((1, 2))}
    >>> step(Moments(), 0, np.array([[3.0, -0.01]]), state, rate=np.array([[0.5]])).round(4).tolist()
    [[-0.5, 0.5]]
    """
    first, second = state["first"], state["second"]
    first *= settings.beta1
    first += (1 - settings.beta1) * gradient
    second *= settings.beta2
    second += (1 - settings.beta2) * gradient**2
    mean, square = 1 - settings.beta1 ** (t + 1), 1 - settings.beta2 ** (t + 1)
    change: Array = -rate / mean * first / (np.sqrt(second / square) + settings.eps)
    return change
