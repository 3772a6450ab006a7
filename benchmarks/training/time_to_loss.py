"""Time to the same validation loss: chainrule and scikit-learn's MLPClassifier, each with its usual settings.

Both train one net with 50 hidden units on the same standardised split and are asked for the validation loss after
every epoch, which counts; chainrule also evaluates the training split then. The loss to be reached is the higher of
the two lowest ones. CIFAR-10 where it lies in the data directory.
"""

from __future__ import annotations

import contextlib
import statistics
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import DataError
from chainrule.machine import threads
from chainrule.settings.settings import Settings
from chainrule.train.population import Training, ready

Curve = list[tuple[float, float]]
"""Seconds so far and validation loss, an entry an epoch."""

USUAL = {"digits": (30, 300), "cifar10": (8, 900)}
"""Epochs, and the half cycle of chainrule's learning rate in steps."""


def settings(name: str) -> Settings:
    """Softmax, He, a cyclic rate and a little l2, as in the report on two layers."""
    epochs, half_cycle = USUAL[name]
    four = [f"data_batch_{i}" for i in range(1, 5)]
    return Settings.model_validate(
        {
            "train": four, "val": "data_batch_5", "test": "test_batch", "preprocess": "standardize", "hidden": [50],
            "init": "he", "batch_size": 20 if name == "digits" else 100, "epochs": epochs, "shuffle": True,
            "learning_rate": {"min": 1e-5, "max": 0.1, "half_cycle": half_cycle}, "l2": 1e-3,
        }
    )  # fmt: skip


def ours(one: Settings, data: Dataset, splits: dict[str, Split], transform: Transform, seed: int) -> Curve:
    """chainrule on one core."""
    ready()
    times: list[float] = []
    start = time.perf_counter()
    with threads.limited(1):
        training = Training([one], seed, splits, transform, len(data.classes))
        for _ in range(one.epochs):
            training.train_epoch()
            times.append(time.perf_counter() - start)
    losses = training.outcome().histories[0].val_loss[1:]
    return [(t, loss) for t, loss in zip(times, losses, strict=True) if loss is not None]


def theirs(one: Settings, data: Dataset, splits: dict[str, Split], transform: Transform, seed: int) -> Curve:
    """scikit-learn with its defaults: Adam, batches of 200; BLAS as it comes."""
    inputs = {}
    for name in ("train", "val"):
        out = np.empty(splits[name].images.shape, np.float32)
        inputs[name] = transform.astype(np.float32)(splits[name].images, out=out)
    model = MLPClassifier(hidden_layer_sizes=one.hidden, random_state=seed)
    classes, curve, start = np.arange(len(data.classes)), [], time.perf_counter()
    for _ in range(one.epochs):
        model.partial_fit(inputs["train"], splits["train"].labels, classes=classes)
        loss = log_loss(splits["val"].labels, model.predict_proba(inputs["val"]), labels=classes)
        curve.append((time.perf_counter() - start, float(loss)))
    return curve


def reached(curve: Curve, target: float) -> float:
    """Seconds to the first loss at or below the target."""
    return next(seconds for seconds, loss in curve if loss <= target)


def compare(name: str, data: Dataset, seeds: int) -> dict[str, float]:
    """Medians over seeds of both times, and of the loss that both reached."""
    one = settings(name)
    seen = prepare(one, data)
    splits, transform = dict(seen.splits), seen.transform
    rows = []
    for seed in range(seeds):
        a, b = ours(one, data, splits, transform, seed), theirs(one, data, splits, transform, seed)
        target = max(min(loss for _, loss in a), min(loss for _, loss in b))
        rows.append({"loss": target, "chainrule": reached(a, target), "scikit-learn": reached(b, target)})
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def measure(seeds: int) -> dict[str, dict[str, float]]:
    """Each data set that is at hand."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    found = {}
    for name in USUAL:
        with contextlib.suppress(DataError):
            found[name] = compare(name, datasets.load(name), seeds)
    return found
