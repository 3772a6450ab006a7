"""What the last weights of a table's nets make of the test split: confusion counts, and the surest mistakes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.components import LOSSES
from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.data.splits import Split
from chainrule.experiments.experiment import Experiment
from chainrule.nn.network import Network
from chainrule.records.figures import MisclassifiedImage, PredictionsFigure, RowPredictions
from chainrule.settings.settings import Settings
from chainrule.train.evaluate import scored
from chainrule.train.weights import Weights

MISTAKES = 8
"""Mistakes kept a net."""


def predictions(
    recipe: str,
    experiment: Experiment,
    dataset: Dataset,
    settings: Mapping[str, Settings],
    weights: Mapping[str, tuple[int, Weights]],
) -> PredictionsFigure:
    """Confusion counts and mistakes of each row.

    Args:
        recipe, experiment: the table.
        dataset: what was trained on.
        settings: of each row.
        weights: by row, a seed and its weights.
    """
    return PredictionsFigure(
        recipe=recipe,
        title=experiment.title,
        classes=list(dataset.classes),
        shape=dataset.shape,
        rows=[_row(row, seed, settings[row], dataset, own) for row, (seed, own) in weights.items()],
    )


def _row(row: str, seed: int, settings: Settings, dataset: Dataset, weights: Weights) -> RowPredictions:
    test = prepare(settings, dataset).splits["test"]
    classes = len(dataset.classes)
    scores = _scores(settings, dataset, test, weights)
    predicted = scores.argmax(axis=1)
    counts = np.zeros((classes, classes), np.intp)
    np.add.at(counts, (test.labels, predicted), 1)
    probable = LOSSES[settings.loss].probabilities
    sure = _probabilities(scores) if probable else _margins(scores, test)
    wrong = np.flatnonzero(predicted != test.labels)
    surest = wrong[np.argsort(-sure[wrong], kind="stable")[:MISTAKES]]
    return RowPredictions(
        row=row,
        seed=seed,
        confidence="probability" if probable else "margin",
        counts=counts.tolist(),
        mistakes=[
            MisclassifiedImage(
                image=_image(test.images[i], dataset.max_value),
                truth=int(test.labels[i]),
                predicted=int(predicted[i]),
                confidence=float(sure[i]),
            )
            for i in surest
        ],
    )


def _scores(settings: Settings, dataset: Dataset, test: Split, weights: Weights) -> Array:
    """Scores (N, K) of the test split, computed as training evaluates them."""
    transform = prepare(settings, dataset).transform
    last = {
        name.removeprefix("last."): array[np.newaxis]
        for name, array in weights.items()
        if name.startswith("last.")
    }
    network = Network.of(settings, test.images.shape[1], len(dataset.classes))
    return np.concatenate([scores[0] for scores, *_ in scored(network, last, test, transform)])


def _probabilities(scores: Array) -> NDArray[np.float64]:
    """Softmax probability (N,) of the highest score."""
    z = scores.astype(np.float64) - scores.max(axis=1, keepdims=True)
    return np.asarray(1 / np.exp(z).sum(axis=1))


def _margins(scores: Array, test: Split) -> NDArray[np.float64]:
    """By how much the highest score exceeds the true class's, (N,)."""
    true = scores[np.arange(len(test)), test.labels]
    return np.asarray(scores.max(axis=1) - true, np.float64)


def _image(pixels: NDArray[Any], largest: float) -> str:
    scaled = np.rint(pixels.astype(np.float64) * (255 / largest)).astype(np.uint8)
    return base64.b64encode(scaled.tobytes()).decode()
