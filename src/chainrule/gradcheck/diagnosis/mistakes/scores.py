"""Mistakes in the error of the scores: labels, margins, their factors, the derivative of the outputs."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import (
    ACTIVATION_DERIVATIVE_MISSING,
    ACTIVATION_DERIVATIVE_WRONG,
)
from chainrule.gradcheck.catalogue.loss import (
    EXTRA_SIGMOID_DERIVATIVE,
    HINGE_CORRECT_CLASS,
    HINGE_ON_PROBABILITIES,
    LABEL_AS_INDEX,
    MISSING_ONE_HOT,
)
from chainrule.gradcheck.diagnosis import derivation, losses
from chainrule.gradcheck.diagnosis.activations import sigmoid_slope, tanh_slope
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere

_Index = tuple[Any, ...]
"""An index into P (N, K)."""


def _error(names: Container[str], of_samples: Callable[[PlainNet, Array], Array]) -> Step:
    """The error of some losses, from N dJ/dscores as a function of the predictions."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if net.loss not in names:
            raise NotHere
        return net.factor * of_samples(net, net.values["P"]) / net.samples

    return step


def _label_as_index(place: Callable[[Array], _Index], subtract_1: Callable[[Array, _Index], None]) -> Step:
    def of_samples(net: PlainNet, P: Array) -> Array:
        G = P.copy()
        try:
            subtract_1(G, place(net.y))
        except (IndexError, ValueError):
            raise NotHere from None
        return G

    return _error(("cross_entropy",), of_samples)


def _once(G: Array, place: _Index) -> None:
    """As ``G[place] -= 1`` does, also where the place holds an entry several times."""
    G[place] -= 1.0


def _every_time(G: Array, place: _Index) -> None:
    """As a loop over the samples does."""
    np.subtract.at(G, place, 1.0)


# What stands for ``np.arange(N), y``, from the labels y.
_PLACES: tuple[Callable[[Array], _Index], ...] = (
    lambda y: (y,),
    lambda y: (slice(None), y),
    lambda y: (y, y),
    lambda y: (y, np.arange(len(y))),
    lambda y: (np.arange(len(y)), y[::-1]),
    lambda y: (y, slice(None, 1)),
    lambda y: (slice(0, 1), y),
    lambda y: (np.arange(len(y)), np.zeros_like(y)),
)


def _correct_class(entry: Callable[[Array], Array]) -> Step:
    """The hinge loss with another term for the correct class, from the number of violated margins."""

    def of_samples(net: PlainNet, scores: Array) -> Array:
        G = (losses.margins(scores, net.targets) > 0).astype(float)
        G[np.arange(net.samples), net.y] = entry(G.sum(axis=1))
        return G

    return _error(("hinge",), of_samples)


# What stands for minus the number of violated margins.
_ENTRIES: tuple[tuple[Callable[[Array], Array], str], ...] = (
    (lambda count: 0 * count, "the correct class gets no term"),
    (lambda count: 0 * count - 1, "the correct class gets -1, not minus the number of violated margins"),
    (lambda count: 0 * count + 1, "the correct class counts as one more violated margin"),
    (lambda count: -count - 1, "the correct class's own margin is counted"),
    (lambda count: 1 - count, "the correct class's own margin is counted"),
    (lambda count: count, "the correct class's term has the wrong sign"),
    (lambda count: -(count > 0).astype(float), "the correct class gets -1, not minus the number of margins"),
)


def _from_probabilities(net: PlainNet, layer: PlainLayer) -> Array:
    if net.loss != "hinge":
        raise NotHere
    return derivation.error_at(net, losses.softmax(net.values["scores"]))


_BOTH_ENTROPIES = ("cross_entropy", "binary_cross_entropy")
_SQUARED = ("squared_error_of_sigmoid", "squared_error_of_tanh", "squared_error_of_softmax")


def _extra(slope: Callable[[Array], Array]) -> Step:
    """The right error, and a derivative of the outputs times it."""
    names = (*_BOTH_ENTROPIES, "squared_error_of_sigmoid")
    return _error(names, lambda net, P: losses.LOSSES[net.loss].error(P, net.targets) * slope(P))


def _of_squares(slope: Callable[[Array], Array]) -> Step:
    """The error of a squared error with another derivative of the outputs."""
    return _error(_SQUARED, lambda net, P: 2 * (P - net.targets) * slope(P))


def everything() -> Iterator[Mistake]:
    """Every known mistake of the scores' error."""
    labels_missing = _error(_BOTH_ENTROPIES, lambda net, P: P)
    yield Mistake(MISSING_ONE_HOT, "error", labels_missing, "the labels are not subtracted")
    for place in _PLACES:
        for subtract_1 in (_once, _every_time):
            function = _label_as_index(place, subtract_1)
            yield Mistake(LABEL_AS_INDEX, "error", function, "samples are picked by their label")
    for entry, words in _ENTRIES:
        yield Mistake(HINGE_CORRECT_CLASS, "error", _correct_class(entry), words)
    words = "the margins are those of probabilities"
    yield Mistake(HINGE_ON_PROBABILITIES, "error", _from_probabilities, words)
    for slope, words in (
        (losses.of_sigmoid, "multiplied by P * (1 - P), which the error P - Y holds already"),
        (sigmoid_slope, "multiplied by sigmoid's derivative, which the error P - Y holds already"),
    ):
        yield Mistake(EXTRA_SIGMOID_DERIVATIVE, "error", _extra(slope), words)
    words = "not multiplied by the derivative of the outputs"
    yield Mistake(ACTIVATION_DERIVATIVE_MISSING, "error", _of_squares(np.ones_like), words)
    for slope, words in (
        (losses.of_sigmoid, "P * (1 - P) is the derivative of sigmoid outputs, not of these"),
        (sigmoid_slope, "the derivative of the outputs is taken at the outputs, not at the scores"),
        (tanh_slope, "the derivative of the outputs is taken at the outputs, not at the scores"),
    ):
        yield Mistake(ACTIVATION_DERIVATIVE_WRONG, "error", _of_squares(slope), words)
