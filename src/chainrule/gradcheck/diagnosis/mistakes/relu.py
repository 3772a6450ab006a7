"""Mistakes in the mask of ReLU, leaky or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import (
    LEAKY_SLOPE_MISMATCH,
    RELU_MASK_MISSING,
    RELU_MASK_WRONG,
)
from chainrule.gradcheck.catalogue.bias import BIAS_DROPPED
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.diagnosis.activations import LEAKY_SLOPES
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere, beside, fitting, kinked, value_of


def _times(factor: Callable[[PlainNet, PlainLayer], Array]) -> Step:
    return lambda net, layer: layer.dh * fitting(factor(net, layer), layer.dh)


def _masked(mask: Callable[[PlainNet, PlainLayer], Array]) -> Step:
    return _times(lambda net, layer: np.where(mask(net, layer), 1.0, net.activation.below or 0.0))


def _sign_of(kind: str, offset: int = 0) -> Step:
    """Masked where another value is positive."""
    return _masked(lambda net, layer: value_of(beside(net, layer, offset), kind) > 0)


def _slope_below(slope: float) -> Step:
    """Another slope than that of the way forward."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if slope == net.activation.below:
            raise NotHere
        return np.where(layer.out > 0, 1.0, slope)

    return step


def everything() -> Iterator[Mistake]:
    """Every known mistake of ReLU's backward pass."""
    for bug, function, words in _mistakes():
        yield Mistake(bug, "activate_backward", kinked(function), words)
    for slope in (0.0, *LEAKY_SLOPES):
        words = f"the slope below 0 is {slope:g} on the way back, another on the way forward"
        yield Mistake(LEAKY_SLOPE_MISMATCH, "slope", kinked(_slope_below(slope)), words)


def _mistakes() -> Iterator[tuple[Bug, Step, str]]:
    yield RELU_MASK_MISSING, lambda net, layer: layer.dh, "the error is not masked"
    elsewhere = "the mask is taken from another layer"
    for function, words in (
        (_masked(lambda net, layer: layer.out <= 0), "the mask is inverted"),
        (_sign_of("dh"), "the mask is taken from the error, not from ReLU's input"),
        (_sign_of("s"), "the mask is taken from the scores in front of batch norm"),
        (_sign_of("s_hat"), "the mask is taken in front of scale and shift"),
        (_sign_of("h_in"), "the mask is taken from the layer's input"),
        *((_sign_of("out", offset), elsewhere) for offset in (-3, -2, -1, 1, 2, 3)),
        *((_sign_of("s", offset), elsewhere) for offset in (-2, -1, 1, 2)),
        (_masked(lambda net, layer: net.x > 0), "the mask is taken from the inputs"),
        (_times(lambda net, layer: layer.h), "multiplied by ReLU's output, not by its mask"),
        (lambda net, layer: np.maximum(layer.dh, 0), "ReLU was applied to the error"),
        (_masked(lambda net, layer: layer.out > 1), "the mask starts at 1, not at 0"),
        (_times(lambda net, layer: np.where(layer.out > 0, 1.0, -1.0)), "the mask is -1, not 0"),
    ):
        yield RELU_MASK_WRONG, function, words
    without_bias = _masked(lambda net, layer: layer.h_in @ layer.W.T > 0)
    yield BIAS_DROPPED, without_bias, "the mask leaves the bias out"
