"""Mistakes on the way forward, in biases, batch norm, scores and loss: in a cost they change what it computes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.batchnorm import (
    BATCHNORM_BIAS_FOR_BETA,
    BATCHNORM_DDOF,
    BATCHNORM_WRONG_AXIS,
)
from chainrule.gradcheck.catalogue.bias import BIAS_DROPPED
from chainrule.gradcheck.catalogue.loss import (
    HINGE_ON_PROBABILITIES,
    LABEL_AS_INDEX,
    SCORES_CLIPPED,
    SOFTMAX_WRONG_AXIS,
)
from chainrule.gradcheck.diagnosis import derivation, losses
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere


def _variance_with_ddof(net: PlainNet, layer: PlainLayer) -> tuple[Array, Array]:
    if net.samples == 1:
        raise NotHere
    return layer.s.mean(axis=0), derivation.inverse_sigma(net, layer.s.var(axis=0, ddof=1))


def _over_units(net: PlainNet, layer: PlainLayer) -> tuple[Array, Array]:
    return layer.s.mean(axis=1, keepdims=True), derivation.inverse_sigma(
        net, layer.s.var(axis=1, keepdims=True)
    )


def _of_first_row(net: PlainNet, layer: PlainLayer) -> tuple[Array, Array]:
    return layer.s.mean(axis=0), derivation.inverse_sigma(net, np.full(layer.s.shape[1], layer.s[:1].var()))


def _of_first_unit(net: PlainNet, layer: PlainLayer) -> tuple[Array, Array]:
    return layer.s.mean(axis=0), derivation.inverse_sigma(net, np.full(layer.s.shape[1], layer.s[:, 0].var()))


def _bias_for_beta(net: PlainNet, layer: PlainLayer) -> Array:
    if layer.b is None or layer.beta is None:
        raise NotHere
    return layer.s_hat * (1 if layer.gamma is None else layer.gamma) + layer.b


def _clipped(net: PlainNet, layer: PlainLayer) -> Array:
    return np.maximum(layer.out, 0.0)


def _softmax(net: PlainNet, layer: PlainLayer) -> Array:
    if net.loss != "hinge":
        raise NotHere
    return losses.softmax(layer.out)


def _without_bias(net: PlainNet, layer: PlainLayer) -> Array:
    if layer.b is None:
        raise NotHere
    s: Array = layer.h_in @ layer.W.T
    return s


def _softmax_over(axis: int | None, largest: int | None) -> Step:
    """Probabilities normalised along an axis, or over all there is, of scores less the largest along an axis."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if net.loss != "cross_entropy":
            raise NotHere
        e = np.exp(layer.out - layer.out.max(axis=largest, keepdims=True))
        P: Array = e / e.sum(axis=axis, keepdims=True)
        return P

    return step


def _by_label(net: PlainNet, layer: PlainLayer) -> Array:
    """-log P[y[n], n] with rows for samples."""
    y = net.y
    return -np.log(_probabilities(net)[y, np.arange(len(y))])


def _by_label_twice(net: PlainNet, layer: PlainLayer) -> Array:
    """-log P[y[n], y[n]]."""
    return -np.log(_probabilities(net)[net.y, net.y])


def _rows_of_labels(net: PlainNet, layer: PlainLayer) -> Array:
    """-log P[y], whole rows, averaged over N."""
    each: Array = -np.log(_probabilities(net)[net.y]).sum(axis=1)
    return each


def _probabilities(net: PlainNet) -> Array:
    if net.loss != "cross_entropy":
        raise NotHere
    return net.values["P"]


def everything() -> Iterator[Mistake]:
    """Every one that a gradient can hold as well: in the gradient alone it is the gradient's."""
    for bug, function, words in (
        (BATCHNORM_DDOF, _variance_with_ddof, "the variance is taken with N - 1"),
        (BATCHNORM_WRONG_AXIS, _over_units, "mean and variance run over the units"),
        (BATCHNORM_WRONG_AXIS, _of_first_row, "the deviation is that of the first sample"),
        (BATCHNORM_WRONG_AXIS, _of_first_unit, "the deviation is that of the first unit"),
    ):
        yield Mistake(bug, "statistics", function, words)
    yield Mistake(BIAS_DROPPED, "affine", _without_bias, "a bias is left out of the scores")
    for axis, largest, words in (
        (0, None, "softmax sums over the samples"),
        (0, 1, "softmax sums over the samples"),
        (None, None, "softmax sums over samples and classes"),
        (None, 1, "softmax sums over samples and classes"),
        (1, 0, "softmax subtracts the largest score of a class, not of a sample"),
    ):
        yield Mistake(SOFTMAX_WRONG_AXIS, "predict", _softmax_over(axis, largest), words)
    words = "b is added where beta belongs"
    yield Mistake(BATCHNORM_BIAS_FOR_BETA, "scale_and_shift", _bias_for_beta, words)
    yield Mistake(SCORES_CLIPPED, "scores", _clipped, "the scores are clipped at 0")


def in_a_cost() -> Iterator[Mistake]:
    """Every one that a cost can hold."""
    yield from everything()
    words = "the margins are those of softmax probabilities"
    yield Mistake(HINGE_ON_PROBABILITIES, "scores", _softmax, words)
    for function in (_by_label, _by_label_twice, _rows_of_labels):
        yield Mistake(LABEL_AS_INDEX, "loss", function, "the cost picks samples by their label")
