"""The nets of an estimator: one population, which differs in its initial weights alone."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from chainrule.data.datasets import Dataset
from chainrule.data.splits import split
from chainrule.data.transforms.transform import Transform
from chainrule.estimators import rows
from chainrule.estimators.living import Population
from chainrule.estimators.parameters import FitNotice, MLPParameters, ParameterError
from chainrule.estimators.stopping import EarlyStopping
from chainrule.estimators.temperature import cooled, temperature
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Network, Parameters
from chainrule.rng import stream
from chainrule.settings.settings import Settings
from chainrule.train.engines import choice
from chainrule.train.evaluate import scored
from chainrule.work import planner


@dataclass(frozen=True)
class TrainedNets:
    """What came of P members.

    Attributes:
        network: their layers.
        parameters: of those that did not diverge; of all, as they last were finite, where all did. They say numbers
            as they were before they were standardised.
        transform: what makes inputs of the data set's rows.
        history: ``epoch`` (E,), and (E, P) of what was measured before the first epoch and after every one:
            ``train_loss``, ``train_accuracy`` of classes, ``train_cost``, and ``val_...`` where there are rows to
            validate on.
        about: how they were trained, as JSON can say it: ``settings`` as they were asked for, and ``changed``, what
            each member has in the place of these: another of the usual l2, or what callbacks made of it; ``rows`` of
            every split; ``early_stopping``, how many epochs were waited for a better one, 0 for no end, and
            ``watched``, by what, unless it is ``val_loss``; ``epochs`` that were trained, and ``kept_epochs``, those
            after which members had the weights that predict; ``seed``, and ``inits`` of the ``members`` asked for;
            ``engine``; ``final``, how each did; of classes the ``temperature`` that the last layer was divided by.
    """

    network: Network
    parameters: Parameters
    transform: Transform
    history: dict[str, NDArray[np.float64]]
    about: dict[str, object]


def trained(data: Dataset, given: MLPParameters, seed: int, before: CompleteNet | None = None) -> TrainedNets:
    """Train an ensemble.

    Args:
        data: with rows to validate on, or without.
        given: what the estimator was told, early stopping decided.
        seed: keys minibatches and initial weights; member m's are the same whatever the number of members.
        before: nets to go on from; None: from random weights.

    Raises:
        ParameterError: those before have other layers, or were asked for in another number.
    """
    count = len(data.batches["train"])
    weights = None if data.weights is None else data.weights[data.batches["train"]]
    loss = "cross_entropy" if data.classes else "squared_error"
    given = given.normalised(data.images.shape[1], numbers=not data.classes)
    settings = given.settings(count, loss, rows.counting(weights, count))
    network = planner.network(settings, data)
    _tell(given, settings, count, weighted=weights is not None)
    if before is None:
        inits, start = first_seeds(seed, given.members), None
    else:
        _require_same(before, network, given.members)
        # Without those that diverged or were dropped, and with those that a callback added.
        inits, start = [*before.trained["inits"]], (before.parameters, before.transform)
    numbers = {init: number for number, init in enumerate(first_seeds(seed, given.members))}
    each = [given.of_member(settings, numbers[init]) for init in inits]
    population = Population(each, inits, data, order=seed, start=start)
    waiting = cast("int", given.early_stopping)
    callbacks = [EarlyStopping(given.watched, waiting)] if waiting else []
    while population.active:
        population.epoch([*callbacks, *given.callbacks])
    kept = _kept(population)
    if not data.classes:
        _tell_of_growth(population, kept)
    parameters = population.net(*kept).parameters
    about: dict[str, object] = {
        "settings": settings.model_dump(mode="json", exclude={"train", "val", "test"}),
        "rows": {name: len(part) for name, part in data.batches.items() if len(part)},
        "seed": seed,
        "members": given.members,
        "inits": [population.seeds[m] for m in kept],
        "engine": choice.chosen([settings]),
        "early_stopping": waiting,
        "epochs": population.epochs,
        "kept_epochs": [population.kept_epoch(m) for m in kept],
        "final": [_final(population, m) for m in kept],
    }
    if waiting and given.watched != "val_loss":
        about["watched"] = given.watched
    changed = [_changed(settings, population.settings[m]) for m in kept]
    if any(changed):
        about["changed"] = changed
    if data.classes and "val" in data.batches:
        T = _temperature(network, parameters, population.transform, data)
        parameters, about["temperature"] = cooled(parameters, network.depth, T), T
    return TrainedNets(network, parameters, population.transform, population.history, about)


def first_seeds(seed: int, members: int) -> list[int]:
    """Those of the initial weights of so many members, the same of each whatever their number.

    >>> first_seeds(0, 3)[:2] == first_seeds(0, 2)
    True
    """
    return [int(stream(seed, "member", m).integers(2**32)) for m in range(members)]


def _require_same(before: CompleteNet, network: Network, members: int) -> None:
    if before.network != network:
        raise ParameterError(
            f"warm_start = True: the net before has layers of {before.network.widths} units, this one "
            f"{network.widths}, or its activation or batch_norm is another; give what it had, or leave it out"
        )
    if before.trained["members"] != members:
        raise ParameterError(
            f"warm_start = True: members = {members}, before there were {before.trained['members']}; give as many, "
            "or leave it out"
        )


def _temperature(network: Network, parameters: Parameters, transform: Transform, data: Dataset) -> float:
    part = split(data, {"val": "val"})["val"]
    scores = [scores for scores, *_ in scored(network, parameters, part, transform)]
    weights = None if part.weights is None else part.weights[0]
    return temperature(np.concatenate(scores, axis=1).astype(np.float64), part.labels, weights)


def _changed(settings: Settings, own: Settings) -> dict[str, object]:
    """What a member has in the place of some settings."""
    before, now = settings.model_dump(mode="json"), own.model_dump(mode="json")
    return {name: value for name, value in now.items() if value != before[name]}


def _final(population: Population, member: int) -> dict[str, float]:
    """How a member did when it was what predicts, or when it last did."""
    curves = {
        name: curve[: population.kept_epoch(member) + 1, member]
        for name, curve in population.history.items()
        if curve.ndim == 2
    }
    finite = {name: curve[np.isfinite(curve)] for name, curve in curves.items() if not name.endswith("cost")}
    return {name: float(curve[-1]) for name, curve in finite.items() if len(curve)}


def _tell(given: MLPParameters, settings: Settings, rows: int, *, weighted: bool) -> None:
    """What is to be known before they are trained."""
    notes = [choice.waiting([settings], weighted=weighted), choice.note(settings)]
    if given.batch_size not in (None, settings.batch_size):
        notes.append(f"batch_size = {given.batch_size}: {settings.batch_size} was taken, for {rows} rows")
    for note in filter(None, notes):
        warnings.warn(note, FitNotice, stacklevel=4)


def _kept(population: Population) -> list[int]:
    """The members that did not diverge; all of them where all did."""
    diverged, members = population.diverged, population.members
    if not diverged:
        return members
    left = [m for m in members if m not in diverged]
    what = "they are left out" if left else "their last finite weights predict"
    step = min(divergence.step for divergence in diverged.values())
    warnings.warn(
        f"{len(diverged)} of {len(members)} members diverged, the first at step {step}; {what}; choose a "
        "smaller learning_rate",
        FitNotice,
        stacklevel=4,
    )
    return left or members


def _tell_of_growth(population: Population, members: Sequence[int]) -> None:
    """Of members that came out worse than they started, with finite numbers: squared errors may grow like that."""
    started = population.history["train_loss"][0]
    grown = sum(_final(population, m).get("train_loss", 0) > started[m] for m in members)
    if grown:
        warnings.warn(
            f"{grown} of {len(members)} members ended with a larger loss than they began with; choose a smaller "
            "learning_rate, or more epochs",
            FitNotice,
            stacklevel=4,
        )
