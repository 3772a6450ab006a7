"""Mistakes in the error of the scores: labels, margins, their factors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.loss import (
    HINGE_CORRECT_CLASS,
    HINGE_ON_PROBABILITIES,
    LABEL_AS_INDEX,
    MISSING_ONE_HOT,
)
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere

_Index = tuple[Any, ...]
"""An index into P (N, K)."""


def _error(loss: str, of_samples: Callable[[PlainNet, Array], Array]) -> Step:
    """The error of one loss, from N dJ/dscores as a function of the scores."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if net.loss != loss:
            raise NotHere
        return net.factor * of_samples(net, net.values["scores"]) / net.samples

    return step


def _label_as_index(place: Callable[[Array], _Index], subtract_1: Callable[[Array, _Index], None]) -> Step:
    def of_samples(net: PlainNet, scores: Array) -> Array:
        G = derivation.probabilities(scores)
        try:
            subtract_1(G, place(net.y))
        except (IndexError, ValueError):
            raise NotHere from None
        return G

    return _error("cross_entropy", of_samples)


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
        G = (derivation.margins(scores, net.y) > 0).astype(float)
        G[np.arange(net.samples), net.y] = entry(G.sum(axis=1))
        return G

    return _error("hinge", of_samples)


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
    return derivation.error_at(net, derivation.probabilities(net.values["scores"]))


def everything() -> Iterator[Mistake]:
    """Every known mistake of the scores' error."""
    labels_missing = _error("cross_entropy", lambda net, scores: derivation.probabilities(scores))
    yield Mistake(MISSING_ONE_HOT, "error", labels_missing, "the labels are not subtracted")
    for place in _PLACES:
        for subtract_1 in (_once, _every_time):
            function = _label_as_index(place, subtract_1)
            yield Mistake(LABEL_AS_INDEX, "error", function, "samples are picked by their label")
    for entry, words in _ENTRIES:
        yield Mistake(HINGE_CORRECT_CLASS, "error", _correct_class(entry), words)
    words = "the margins are those of probabilities"
    yield Mistake(HINGE_ON_PROBABILITIES, "error", _from_probabilities, words)
