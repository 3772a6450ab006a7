"""Mistakes in the derivative of an activation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import (
    ACTIVATION_DERIVATIVE_MISSING,
    ACTIVATION_DERIVATIVE_WRONG,
)
from chainrule.gradcheck.catalogue.bias import BIAS_DROPPED
from chainrule.gradcheck.diagnosis.activations import RELU, SIGMOID, SOFTPLUS, TANH, PlainActivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.losses import of_sigmoid
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere, beside, fitting, smooth, value_of


def _of_another(activation: PlainActivation) -> Step:
    """The derivative of another activation than that of the way forward."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if net.activation is activation:
            raise NotHere
        return activation.slope(layer.out)

    return step


def _of_layer(offset: int) -> Step:
    return lambda net, layer: fitting(
        net.activation.slope(value_of(beside(net, layer, offset), "out")), layer.out
    )


def everything() -> Iterator[Mistake]:
    """Every known mistake of a derivative."""
    words = "the error is not multiplied by the activation's derivative"
    ones = smooth(lambda net, layer: np.ones_like(layer.out))
    yield Mistake(ACTIVATION_DERIVATIVE_MISSING, "slope", ones, words)
    for activation in (SIGMOID, TANH, SOFTPLUS):
        words = f"it is the derivative of {activation.words}"
        yield Mistake(ACTIVATION_DERIVATIVE_WRONG, "slope", _of_another(activation), words)
    of_relu = smooth(_of_another(RELU))
    yield Mistake(ACTIVATION_DERIVATIVE_WRONG, "slope", of_relu, "it is the derivative of ReLU")
    for function, words in (
        (lambda net, layer: of_sigmoid(layer.h), "A * (1 - A) is the derivative of sigmoid"),
        (lambda net, layer: 1 - layer.h**2, "1 - A**2 is the derivative of tanh"),
        (lambda net, layer: net.activation.slope(layer.h), "taken at the activation's output, not its input"),
        (
            lambda net, layer: of_sigmoid(layer.out),
            "S * (1 - S) is made of the scores, not of the activations",
        ),
        (lambda net, layer: 1 - layer.out**2, "1 - S**2 is made of the scores, not of the activations"),
        (lambda net, layer: layer.h, "multiplied by the activation, not by its derivative"),
        (lambda net, layer: 1 - layer.h, "1 - A is not the derivative"),
        *((_of_layer(offset), "it is that of another layer") for offset in (-2, -1, 1, 2)),
    ):
        yield Mistake(ACTIVATION_DERIVATIVE_WRONG, "slope", smooth(function), words)
    without_bias = smooth(lambda net, layer: net.activation.slope(layer.h_in @ layer.W.T))
    yield Mistake(BIAS_DROPPED, "slope", without_bias, "the derivative leaves the bias out")
