"""Steps at a pace of its own for every entry (Kingma and Ba, 2015), of Adam and AdamW.

m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g^2 begin with 0, so that after t + 1 steps they are too small
by 1 - beta1^(t+1) and 1 - beta2^(t+1) of what they would be of a constant g; divided by these they are not. The step is
-rate m / (sqrt(v) + eps).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from chainrule.arrays import Array
from chainrule.components.kinds import UpdateKernel
from chainrule.settings.strict import Strict
from chainrule.train.optimizers.momentum import Kept

STATE = ("first", "second")


class Moments(Strict):
    """The shares of old means that new ones keep, of gradients and of their squares, and what is added to roots."""

    beta1: Kept = 0.9
    beta2: Kept = 0.999
    eps: Annotated[float, Field(ge=1e-37, le=1)] = 1e-8
    """At least what float32, in which nets are trained, still holds in full: 1e-46 is 0 there, and 0 / 0 no number."""


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


def numbers(settings: Moments, t: int) -> tuple[float, ...]:
    """What the kernel is given: the shares that old and new take in both means, 1 over what these are too small by at
    update t, and eps.

    >>> numbers(Moments(beta1=0.5, beta2=0.75, eps=0.1), 0)
    (0.5, 0.5, 0.75, 0.25, 2.0, 4.0, 0.1)
    """
    beta1, beta2 = settings.beta1, settings.beta2
    of_mean, of_square = 1 / (1 - beta1 ** (t + 1)), 1 / (1 - beta2 ** (t + 1))
    return beta1, 1 - beta1, beta2, 1 - beta2, of_mean, of_square, settings.eps


def kernel(real: type[np.floating]) -> UpdateKernel:
    """-rate m / (sqrt(v) + eps), m and v of a number of that type, compiled.

    >>> change, first, second = kernel(np.float64)(0.5, np.array([numbers(Moments(), 0)]).T, 0, 3.0, 0.0, 0.0)
    >>> [round(float(number), 4) for number in (change, first, second)]
    [-0.5, 0.3, 0.009]
    """

    def element(
        rate: Any, numbers: Any, lane: int, g: Any, first: Any, second: Any
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        first = numbers[0, lane] * first + numbers[1, lane] * g
        second = numbers[2, lane] * second + numbers[3, lane] * (g * g)
        return (
            -rate * numbers[4, lane] * first / (np.sqrt(second * numbers[5, lane]) + numbers[6, lane]),
            first,
            second,
        )

    return element
