"""Mistakes in an affine layer's own gradients: orientation, order, input, and the sum over the samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import (
    ACTIVATION_DERIVATIVE_MISSING,
    RELU_MASK_MISSING,
    RESHAPED,
    TRANSPOSED,
    WRONG_LAYER_INPUT,
)
from chainrule.gradcheck.catalogue.bias import BIAS_RECIPROCAL, BIAS_SUMMED_OVER_ALL
from chainrule.gradcheck.catalogue.loss import DOUBLE_BATCH_MEAN, LABEL_AS_INDEX
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.losses import LOSSES
from chainrule.gradcheck.diagnosis.mistakes.mistake import (
    Mistake,
    NotHere,
    beside,
    fitting,
    kinked,
    smooth,
    value_of,
)


def _transposed(net: PlainNet, layer: PlainLayer) -> Array:
    return fitting(derivation.weight(net, layer).T, layer.W)


def _reshaped(net: PlainNet, layer: PlainLayer) -> Array:
    return derivation.weight(net, layer).T.reshape(layer.W.shape)


def _reshaped_back(net: PlainNet, layer: PlainLayer) -> Array:
    dW = derivation.weight(net, layer)
    return dW.reshape(dW.shape[::-1]).T


def _with_input(value: Callable[[PlainNet, PlainLayer], Array]) -> Step:
    """The weights' gradient with another value where the layer's input belongs."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        dW: Array = layer.G.T @ fitting(value(net, layer), layer.h_in)
        return dW

    return step


def _value_of(kind: str, offset: int) -> Callable[[PlainNet, PlainLayer], Array]:
    return lambda net, layer: value_of(beside(net, layer, offset), kind)


def _raw_inputs(net: PlainNet, layer: PlainLayer) -> Array:
    if layer.index == 1:
        raise NotHere
    return net.x


def _behind_the_activation(net: PlainNet, layer: PlainLayer) -> Array:
    """The weights' gradient with the error behind the activation."""
    dW: Array = value_of(layer, "dh").T @ layer.h_in
    return dW


def _bias_behind_the_activation(net: PlainNet, layer: PlainLayer) -> Array:
    db: Array = value_of(layer, "dh").sum(axis=0)
    return db


def _summed_over_all(step: str) -> Step:
    return lambda net, layer: np.full_like(
        derivation.RIGHT[step](net, layer), derivation.RIGHT[step](net, layer).sum()
    )


def _reciprocal(factor: Callable[[PlainNet], float]) -> Step:
    def step(net: PlainNet, layer: PlainLayer) -> Array:
        total = derivation.bias(net, layer)
        if not total.all():
            raise NotHere
        return 1 / (factor(net) * total)

    return step


def _by_label(net: PlainNet, layer: PlainLayer) -> Array:
    """The correct class's part with the input of the sample whose number is the label."""
    picked = net.loss in ("cross_entropy", "hinge") and layer.index == len(net.layers)
    if not picked or net.y.max() >= net.samples:
        raise NotHere
    correct = -np.minimum(net.targets * layer.G, 0)
    if net.loss == "cross_entropy":
        correct = net.targets * net.factor / net.samples
    dW: Array = (layer.G + correct).T @ layer.h_in - correct.T @ layer.h_in[net.y]
    return dW


def _by_label_throughout(net: PlainNet, layer: PlainLayer) -> Array:
    if not LOSSES[net.loss].classes or net.y.max() >= net.samples:
        raise NotHere
    dW: Array = layer.G.T @ layer.h_in[net.y]
    return dW


def _divided_in_a_loop(of_sample: Callable[[PlainLayer, int], Array]) -> Step:
    """The sum so far divided by N after each sample."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        total = np.zeros_like(of_sample(layer, 0))
        for n in range(net.samples):
            total = (total + net.samples * of_sample(layer, n)) / net.samples
        return total

    return step


def everything() -> Iterator[Mistake]:
    """Every known mistake of an affine layer's gradients."""
    yield Mistake(TRANSPOSED, "weight", _transposed, "it is the transpose")
    for function in (_reshaped, _reshaped_back):
        yield Mistake(RESHAPED, "weight", function, "its entries are in another order, as after a reshape")
    yield from _wrong_inputs()
    for step, function in (("weight", _behind_the_activation), ("bias", _bias_behind_the_activation)):
        words = "the error is not masked by ReLU's derivative"
        yield Mistake(RELU_MASK_MISSING, step, kinked(function), words)
        words = "the error is not multiplied by the activation's derivative"
        yield Mistake(ACTIVATION_DERIVATIVE_MISSING, step, smooth(function), words)
    for step in ("bias", "gamma", "beta"):
        yield Mistake(BIAS_SUMMED_OVER_ALL, step, _summed_over_all(step), "one sum over samples and units")
    for factor in (lambda net: net.samples, lambda net: net.samples**2, lambda net: 1.0):
        words = "entry by entry the reciprocal, times a constant"
        yield Mistake(BIAS_RECIPROCAL, "bias", _reciprocal(factor), words)
    clipped = _with_input(lambda net, layer: np.maximum(layer.h_in, 0))
    yield Mistake(WRONG_LAYER_INPUT, "weight", clipped, "ReLU was applied to the layer's input")
    for function in (_by_label, _by_label_throughout):
        yield Mistake(LABEL_AS_INDEX, "weight", function, "inputs are picked by their label")
    in_a_loop = "divided by the batch size inside the loop over samples"
    outer = _divided_in_a_loop(lambda layer, n: np.outer(layer.G[n], layer.h_in[n]))
    yield Mistake(DOUBLE_BATCH_MEAN, "weight", outer, in_a_loop)
    yield Mistake(DOUBLE_BATCH_MEAN, "bias", _divided_in_a_loop(lambda layer, n: layer.G[n]), in_a_loop)


def _wrong_inputs() -> Iterator[Mistake]:
    for value, words in (
        (_value_of("s", -1), "the layer's input in front of ReLU and batch norm was used"),
        (_value_of("out", -1), "the layer's input in front of ReLU was used"),
        (_value_of("s_hat", -1), "the layer's input in front of scale and shift was used"),
        (_value_of("h", 0), "the layer's output was used instead of its input"),
        (_value_of("s", 0), "the layer's output was used instead of its input"),
        *((_value_of("h_in", offset), "another layer's input was used") for offset in (-3, -2, -1, 1, 2, 3)),
        (_raw_inputs, "the net's inputs were used instead of this layer's"),
    ):
        yield Mistake(WRONG_LAYER_INPUT, "weight", _with_input(value), words)
