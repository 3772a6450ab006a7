"""Mistakes on the way forward, in batch norm, the scores and the loss: in a cost they change what it computes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.batchnorm import (
    BATCHNORM_BIAS_FOR_BETA,
    BATCHNORM_DDOF,
    BATCHNORM_WRONG_AXIS,
)
from chainrule.gradcheck.catalogue.loss import HINGE_ON_PROBABILITIES, LABEL_AS_INDEX, SCORES_CLIPPED
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet
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
    return derivation.probabilities(layer.out)


def _by_label(net: PlainNet, layer: PlainLayer) -> Array:
    """-log P[y[n], n] with rows for samples."""
    y = net.y
    return -np.log(derivation.probabilities(net.values["scores"])[y, np.arange(len(y))])


def _by_label_twice(net: PlainNet, layer: PlainLayer) -> Array:
    """-log P[y[n], y[n]]."""
    return -np.log(derivation.probabilities(net.values["scores"])[net.y, net.y])


def _rows_of_labels(net: PlainNet, layer: PlainLayer) -> Array:
    """-log P[y], whole rows, averaged over N."""
    losses: Array = -np.log(derivation.probabilities(net.values["scores"])[net.y]).sum(axis=1)
    return losses


def everything() -> Iterator[Mistake]:
    """Every one that a gradient can hold as well: in the gradient alone it is the gradient's."""
    for bug, function, words in (
        (BATCHNORM_DDOF, _variance_with_ddof, "the variance is taken with N - 1"),
        (BATCHNORM_WRONG_AXIS, _over_units, "mean and variance run over the units"),
        (BATCHNORM_WRONG_AXIS, _of_first_row, "the deviation is that of the first sample"),
        (BATCHNORM_WRONG_AXIS, _of_first_unit, "the deviation is that of the first unit"),
    ):
        yield Mistake(bug, "statistics", function, words)
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
