"""Mistakes in the mask of ReLU."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import RELU_MASK_MISSING, RELU_MASK_WRONG
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, beside, fitting, value_of


def _masked(mask: Callable[[PlainNet, PlainLayer], Array]) -> Step:
    def step(net: PlainNet, layer: PlainLayer) -> Array:
        return layer.dh * fitting(mask(net, layer), layer.dh)

    return step


def _sign_of(kind: str, offset: int = 0) -> Step:
    """Masked where another value is positive."""
    return _masked(lambda net, layer: value_of(beside(net, layer, offset), kind) > 0)


def everything() -> Iterator[Mistake]:
    """Every known mistake of ReLU's backward pass."""
    yield Mistake(
        RELU_MASK_MISSING, "rectify_backward", lambda net, layer: layer.dh, "the error is not masked"
    )
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
        (_masked(lambda net, layer: layer.h), "multiplied by ReLU's output, not by its mask"),
        (lambda net, layer: np.maximum(layer.dh, 0), "ReLU was applied to the error"),
        (_masked(lambda net, layer: (layer.out > 1).astype(float)), "the mask starts at 1, not at 0"),
        (_masked(lambda net, layer: np.where(layer.out > 0, 1.0, -1.0)), "the mask is -1, not 0"),
        (_masked(lambda net, layer: layer.h_in @ layer.W.T > 0), "the mask leaves the bias out"),
    ):
        yield Mistake(RELU_MASK_WRONG, "rectify_backward", function, words)
