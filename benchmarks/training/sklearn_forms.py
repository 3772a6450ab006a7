"""scikit-learn: MLPClassifier, and GridSearchCV over it with a job a core. It has no batch norm."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from works import BATCH, L2, RATE, SEEDS, Work, read_floats

Round = Callable[[bool], int]
EPOCHS = 4
"""Passes of one fit, so that its setting up does not count for much."""


def classifier(work: Work, **own: object) -> MLPClassifier:
    """Plain gradient descent; alpha = 2 * l2 * N, as the penalty is alpha / (2 N) |W|^2."""
    settings = {
        "hidden_layer_sizes": work.widths[1:-1],
        "solver": "sgd",
        "momentum": 0.0,
        "nesterovs_momentum": False,
        "batch_size": BATCH,
        "learning_rate_init": RATE,
        "max_iter": EPOCHS,
        "n_iter_no_change": EPOCHS + 1,
        "alpha": 2 * L2[0] * work.samples,
    }
    return MLPClassifier(**(settings | own))


def mlp(work: Work, folder: Path) -> Round:
    """One net after another."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    data = read_floats(folder)

    def epochs(evaluating: bool) -> int:
        # Its own curve is the training loss alone; accuracies are asked for at every epoch where they are wanted.
        if not evaluating:
            classifier(work).fit(*data["train"])
            return EPOCHS * work.steps
        model = classifier(work)
        for _ in range(EPOCHS):
            model.partial_fit(*data["train"], classes=np.arange(work.widths[-1]))
            for split in data.values():
                model.predict_proba(split[0])
        return EPOCHS * work.steps

    return epochs


def grid(work: Work, folder: Path) -> Round:
    """All 40 through GridSearchCV, which scores each once."""
    data = read_floats(folder)
    x = np.concatenate([x for x, _ in data.values()])
    y = np.concatenate([y for _, y in data.values()])
    split = [(np.arange(work.samples), np.arange(work.samples, len(y)))]
    choices = {"alpha": [2 * l2 * work.samples for l2 in L2], "random_state": list(SEEDS)}
    search = GridSearchCV(classifier(work), choices, n_jobs=os.cpu_count(), cv=split, refit=False)
    os.environ["PYTHONWARNINGS"] = "ignore"

    def epochs(evaluating: bool) -> int:
        search.fit(x, y)
        return EPOCHS * work.steps * len(L2) * len(SEEDS)

    return epochs


ONE = {"MLPClassifier": mlp}
SWEEP = {"GridSearchCV": grid}
