"""The nets of an estimator: one population, which differs in its initial weights alone."""

from __future__ import annotations

import warnings
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import fitted
from chainrule.data.splits import split
from chainrule.data.transforms.transform import Transform
from chainrule.estimators.parameters import FitNotice, MLPParameters
from chainrule.machine import threads
from chainrule.nn.network import Network, Parameters
from chainrule.records.runs import CURVES
from chainrule.rng import stream
from chainrule.settings.settings import Settings
from chainrule.train.engines import choice
from chainrule.train.journal import PopulationOutcome
from chainrule.train.population import Training
from chainrule.work import planner
from chainrule.work.planner import Population


@dataclass(frozen=True)
class TrainedNets:
    """What came of P members.

    Attributes:
        network: their layers.
        parameters: of those that did not diverge; of all, as they last were finite, where all did.
        transform: what makes inputs of the data set's rows.
        history: ``epoch`` (E,), and (E, P) of what was measured before the first epoch and after every one:
            ``train_loss``, ``train_accuracy`` of classes, ``train_cost``, and ``val_...`` where there are rows to
            validate on.
        about: how they were trained, as JSON can say it.
    """

    network: Network
    parameters: Parameters
    transform: Transform
    history: dict[str, NDArray[np.float64]]
    about: dict[str, object]


def trained(data: Dataset, given: MLPParameters, seed: int) -> TrainedNets:
    """Train an ensemble.

    Args:
        data: with rows to validate on, or without.
        given: what the estimator was told.
        seed: keys minibatches and initial weights; member m's are the same whatever the number of members.
    """
    count = len(data.batches["train"])
    settings = given.settings(count, "cross_entropy" if data.classes else "squared_error")
    network = planner.network(settings, data)
    _tell(given, settings, count)
    splits = split(data, {name: name for name, rows in data.batches.items() if len(rows)})
    transform = fitted(settings.preprocess, splits["train"], data.max_value)
    members = {str(m): settings for m in range(given.members)}
    population = Population((seed,) * given.members, members, choice.chosen([settings]))
    inits = [int(stream(seed, "member", m).integers(2**32)) for m in range(given.members)]
    with threads.limited(max(1, min(threads.available_cores(), planner.useful_threads(population, data)))):
        outcome = _ended(Training(list(members.values()), seed, splits, transform, data.outputs, inits=inits))
    kept = _kept(outcome)
    if not data.classes:
        _tell_of_growth(outcome, kept)
    about = {
        "settings": settings.model_dump(mode="json", exclude={"train", "val", "test"}),
        "rows": {name: len(part) for name, part in splits.items()},
        "seed": seed,
        "inits": [inits[m] for m in kept],
        "engine": population.engine,
        "final": [
            {name: value for name, value in outcome.final[m].items() if value is not None} for m in kept
        ],
    }
    parameters = {name: array[kept] for name, array in outcome.last.items()}
    return TrainedNets(network, parameters, transform, _history(outcome, splits, bool(data.classes)), about)


def _ended(training: Training) -> PopulationOutcome:
    while training.epoch < training.members[0].epochs:
        training.train_epoch()
    return training.outcome()


def _tell(given: MLPParameters, settings: Settings, rows: int) -> None:
    """What is to be known before they are trained."""
    notes = [choice.waiting(), choice.note(settings)]
    if given.batch_size not in (None, settings.batch_size):
        notes.append(f"batch_size = {given.batch_size}: {settings.batch_size} was taken, for {rows} rows")
    for note in filter(None, notes):
        warnings.warn(note, FitNotice, stacklevel=4)


def _kept(outcome: PopulationOutcome) -> list[int]:
    """The members that did not diverge; all of them where all did."""
    diverged = [m for m, divergence in enumerate(outcome.diverged) if divergence is not None]
    if not diverged:
        return [*range(len(outcome.diverged))]
    left = [m for m, divergence in enumerate(outcome.diverged) if divergence is None]
    what = "they are left out" if left else "their last finite weights predict"
    step = min(divergence.step for divergence in outcome.diverged if divergence is not None)
    warnings.warn(
        f"{len(diverged)} of {len(outcome.diverged)} members diverged, the first at step {step}; {what}; choose a "
        "smaller learning_rate",
        FitNotice,
        stacklevel=4,
    )
    return left or diverged


def _tell_of_growth(outcome: PopulationOutcome, members: Sequence[int]) -> None:
    """Of members that came out worse than they started, with finite numbers: squared errors may grow like that."""
    curves = [outcome.histories[m].train_loss for m in members]
    grown = sum((losses[-1] or 0) > (losses[0] or 0) for losses in curves)
    if grown:
        warnings.warn(
            f"{grown} of {len(members)} members ended with a larger loss than they began with; choose a smaller "
            "learning_rate, or more epochs",
            FitNotice,
            stacklevel=4,
        )


def _history(
    outcome: PopulationOutcome, splits: Container[str], classes: bool
) -> dict[str, NDArray[np.float64]]:
    curves = {
        name: np.array([history.curve(name) for history in outcome.histories], np.float64).T
        for name in CURVES
        if name.partition("_")[0] in splits and (classes or not name.endswith("accuracy"))
    }
    return {"epoch": np.array(outcome.histories[0].epoch, np.float64), **curves}
