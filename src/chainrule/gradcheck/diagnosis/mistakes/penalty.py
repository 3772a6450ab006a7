"""Mistakes in the penalty's gradient, 2 q W for q |W|^2 in the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.penalty import (
    BIAS_REGULARISED,
    REGULARISER_DOUBLE,
    REGULARISER_HALF,
    REGULARISER_MISSING,
    REGULARISER_ON_GRADIENT,
    REGULARISER_SCALED,
    REGULARISER_SIGN,
    REGULARISER_SUMMED,
)
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere

Change = Callable[[PlainNet, Array, Array, float], Array]
"""A parameter's whole gradient, from the net, the parameter, the gradient of the data part, and q."""


def on(kind: str, change: Change) -> Step:
    """The step done otherwise for one kind of parameters: ``W``, ``b``, ``gamma`` or ``beta``."""

    def step(net: PlainNet, layer: PlainLayer, name: str, value: Array, gradient: Array) -> Array:
        if name.rstrip("0123456789") != kind:
            return derivation.penalty(net, layer, name, value, gradient)
        return change(net, value, gradient, net.penalty.get(name, 0.0))

    return step


def times(factor: Callable[[PlainNet], float]) -> Step:
    """The gradient of the weights' penalty times a factor."""
    return on("W", lambda net, W, dW, q: dW + factor(net) * 2 * q * W)


def _on_the_gradient(factor: float) -> Step:
    return on("W", lambda net, W, dW, q: dW + factor * q * dW)


def _of_a_sum(factor: float, total: Callable[[Array], Array]) -> Step:
    """One number, made of all weights of a layer, in every entry."""
    return on("W", lambda net, W, dW, q: dW + factor * q * total(W))


def _squared_sum(W: Array) -> Array:
    total: Array = np.square(W).sum()
    return total


def _not_in_the_cost(kind: str, factor: float) -> Step:
    """A penalty that the cost does not have, with l2 as the user gives it, or as on the weights."""

    def change(net: PlainNet, value: Array, gradient: Array, q: float) -> Array:
        if q:
            raise NotHere
        l2 = net.l2 if net.l2 is not None else max(net.penalty.values(), default=0.0)
        return gradient + factor * l2 * value

    return on(kind, change)


def everything() -> Iterator[Mistake]:
    """Every known mistake of the penalty's gradient."""
    for bug, factor, words in (
        (REGULARISER_MISSING, lambda net: 0.0, "the penalty's gradient is missing"),
        (REGULARISER_HALF, lambda net: 0.5, "half of the penalty's gradient"),
        (REGULARISER_DOUBLE, lambda net: 2.0, "twice the penalty's gradient"),
        (REGULARISER_SIGN, lambda net: -1.0, "the penalty's gradient is subtracted"),
        (
            REGULARISER_SCALED,
            lambda net: 1 / net.samples,
            "the penalty's gradient divided by the batch size",
        ),
        (
            REGULARISER_SCALED,
            lambda net: 0.5 / net.samples,
            "the penalty's gradient divided by twice the batch size",
        ),
        (REGULARISER_SCALED, lambda net: float(net.samples), "the penalty's gradient times the batch size"),
    ):
        yield Mistake(bug, "penalty", times(factor), words)
    twice_and_once = ((2.0, "2 * l2"), (1.0, "l2"))
    for number, l2 in twice_and_once:
        words = f"{l2} times the gradient is added, not times the weights"
        yield Mistake(REGULARISER_ON_GRADIENT, "penalty", _on_the_gradient(number), words)
        words = f"{l2} times the sum of the weights is added to every entry"
        yield Mistake(REGULARISER_SUMMED, "penalty", _of_a_sum(number, np.sum), words)
        words = f"{l2} times the sum of the squared weights is added to every entry"
        yield Mistake(REGULARISER_SUMMED, "penalty", _of_a_sum(number, _squared_sum), words)
    for kind in ("b", "gamma", "beta"):
        for number, l2 in twice_and_once:
            words = f"{l2} * {kind} is added, which the cost does not penalise"
            yield Mistake(BIAS_REGULARISED, "penalty", _not_in_the_cost(kind, number), words)
        left_out = on(kind, lambda net, value, gradient, q: gradient)
        words = f"the cost penalises {kind}, the gradient does not"
        yield Mistake(BIAS_REGULARISED, "penalty", left_out, words)
    for number, l2 in twice_and_once:
        words = f"the gradient adds {l2} * W, but the cost has no penalty"
        repair = "take the penalty's gradient out; or add the penalty to the cost, if it is meant"
        yield Mistake(REGULARISER_MISSING, "penalty", _not_in_the_cost("W", number), words, repair)
