"""Mistakes in the error on its way from an affine layer to the one below."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import LOST_UPSTREAM, WEIGHTS_NOT_TRANSPOSED
from chainrule.gradcheck.catalogue.loss import DOUBLE_BATCH_MEAN, MISSING_BATCH_MEAN, WRONG_SIGN
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere, beside, fitting, scaled, value_of

_ValueAt = Callable[[PlainNet, PlainLayer], Array]


def _not_transposed(net: PlainNet, layer: PlainLayer) -> Array:
    if layer.W.shape[0] != layer.W.shape[1]:
        raise NotHere
    dh: Array = layer.G @ layer.W.T
    return dh


def _through(weights: _ValueAt, error: _ValueAt) -> Step:
    """Another error through these weights, or the right one through others."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        G, W = error(net, layer), weights(net, layer)
        if G.shape[1] != W.shape[0]:
            raise NotHere
        return fitting(G @ W, layer.h_in)

    return step


def _in_its_place(value: _ValueAt) -> Step:
    """A value where the error that went through the weights belongs."""
    return lambda net, layer: fitting(value(net, layer), layer.h_in)


def _own_weights(net: PlainNet, layer: PlainLayer) -> Array:
    return layer.W


def _other_weights(offset: int) -> _ValueAt:
    return lambda net, layer: beside(net, layer, offset).W


def _own_error(net: PlainNet, layer: PlainLayer) -> Array:
    return layer.G


def _error_of_the_scores(net: PlainNet, layer: PlainLayer) -> Array:
    return net.layers[-1].G


def _further_up(kind: str) -> _ValueAt:
    return lambda net, layer: value_of(layer, kind)


def everything() -> Iterator[Mistake]:
    """Every known mistake of the error on its way down."""
    words = "it went back through W, not its transpose"
    yield Mistake(WEIGHTS_NOT_TRANSPOSED, "propagate", _not_transposed, words)
    yield from _lost()
    for bug, factor, words in (
        (WRONG_SIGN, lambda net: -1.0, "the sign turns on the way back"),
        (MISSING_BATCH_MEAN, lambda net: net.samples, "multiplied by the batch size on the way back"),
        (DOUBLE_BATCH_MEAN, lambda net: 1 / net.samples, "divided by the batch size again on the way back"),
    ):
        yield Mistake(bug, "propagate", scaled("propagate", factor), words)


def _lost() -> Iterator[Mistake]:
    ones, nothing = "ones stand where the error from above belongs", "nothing arrives from above"
    for function, words in (
        (_through(_own_weights, lambda net, layer: np.ones_like(layer.G)), ones),
        (_through(_own_weights, lambda net, layer: np.ones_like(layer.G) / net.samples), ones),
        (_in_its_place(_own_error), "the error did not go through the weights"),
        (_in_its_place(_further_up("dh")), "an error from further up was used as it is"),
        (_in_its_place(_further_up("dout")), "an error from further up was used as it is"),
        (_in_its_place(lambda net, layer: np.zeros_like(layer.h_in)), nothing),
        (_in_its_place(lambda net, layer: np.ones_like(layer.h_in)), nothing),
        (_in_its_place(lambda net, layer: np.full_like(layer.h_in, 1 / net.samples)), nothing),
        *(
            (
                _through(_other_weights(offset), _own_error),
                "the error went back through another layer's weights",
            )
            for offset in (-3, -2, -1, 1, 2, 3)
        ),
        (
            _through(_own_weights, _error_of_the_scores),
            "the error of the scores was used instead of the one above",
        ),
        (_through(_own_weights, _further_up("dh")), "an error from further up was used"),
        (_through(_own_weights, _further_up("dout")), "an error from further up was used"),
    ):
        yield Mistake(LOST_UPSTREAM, "propagate", function, words)
