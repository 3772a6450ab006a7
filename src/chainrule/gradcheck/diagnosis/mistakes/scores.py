"""Mistakes in the error of the scores: labels, margins, their factors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.gradcheck.diagnosis import net as right
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array


def _labels_missing(net: Net, at: Layer) -> Array:
    if net.loss != "cross_entropy":
        raise NotHere
    return net.factor * right.probabilities(net.found["scores"]) / net.samples


def _label_as_index(place: Callable[[Array, Array], tuple[Any, ...]], repeated: bool) -> Step:
    def step(net: Net, at: Layer) -> Array:
        if net.loss != "cross_entropy":
            raise NotHere
        G = right.probabilities(net.found["scores"])
        try:
            if repeated:
                np.subtract.at(G, place(net.y, G), 1.0)
            else:
                G[place(net.y, G)] -= 1.0
        except (IndexError, ValueError):
            raise NotHere from None
        return net.factor * G / net.samples

    return step


def _correct_class(entry: Callable[[Array], Array]) -> Step:
    def step(net: Net, at: Layer) -> Array:
        if net.loss != "hinge":
            raise NotHere
        G = (right.margins(net.found["scores"], net.y) > 0).astype(float)
        G[np.arange(net.samples), net.y] = entry(G.sum(axis=1))
        return net.factor * G / net.samples

    return step


def _from_probabilities(net: Net, at: Layer) -> Array:
    if net.loss != "hinge":
        raise NotHere
    scores = net.found["scores"]
    net.found["scores"] = right.probabilities(scores)
    try:
        return right.error(net, at)
    finally:
        net.found["scores"] = scores


def everything() -> Iterator[Mistake]:
    yield Mistake("missing-one-hot", "error", _labels_missing, "the labels are not subtracted")
    places: list[Callable[[Array, Array], tuple[Any, ...]]] = [
        lambda y, G: (y,),
        lambda y, G: (slice(None), y),
        lambda y, G: (y, y),
        lambda y, G: (y, np.arange(len(y))),
        lambda y, G: (np.arange(len(y)), y[::-1]),
        lambda y, G: (y, slice(None, 1)),
        lambda y, G: (slice(0, 1), y),
        lambda y, G: (np.arange(len(y)), np.zeros_like(y)),
    ]
    for place in places:
        for repeated in (False, True):
            yield Mistake(
                "label-as-index",
                "error",
                _label_as_index(place, repeated),
                "samples are picked by their label",
            )
    for entry, words in (
        (lambda count: 0 * count, "the correct class gets no term"),
        (lambda count: 0 * count - 1, "the correct class gets -1, not minus the number of violated margins"),
        (lambda count: 0 * count + 1, "the correct class counts as one more violated margin"),
        (lambda count: -count - 1, "the correct class's own margin is counted"),
        (lambda count: 1 - count, "the correct class's own margin is counted"),
        (lambda count: count, "the correct class's term has the wrong sign"),
        (
            lambda count: -(count > 0).astype(float),
            "the correct class gets -1, not minus the number of margins",
        ),
    ):
        yield Mistake("hinge-correct-class", "error", _correct_class(entry), words)
    yield Mistake(
        "hinge-on-probabilities", "error", _from_probabilities, "the margins are those of probabilities"
    )
