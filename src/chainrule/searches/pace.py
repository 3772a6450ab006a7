"""How long populations take on this machine, by what a few of them do in an instant."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.data.splits import Split
from chainrule.machine import threads
from chainrule.settings.settings import Settings
from chainrule.train.engines import choice
from chainrule.train.population import Training, ready
from chainrule.train.sharing import SHARED
from chainrule.work import planner
from chainrule.work.planner import TrainedTogether
from chainrule.work.training import Site

STEPS = 30
"""Updates of a population that are measured at a time, at most."""

_MEASURED = 1.5e9
"""Multiply-adds that are measured at a time, at most: a tenth of a second."""

_EPOCHS = 5
_LONG_S = 0.05
"""Passes over these that are made at most; after so long, two do."""

_LONGEST_S = 0.2
"""For how long populations are measured."""

_COMPILING_S = 8.0
"""What steps take to be compiled where they never were."""

_NET_S = 0.004
"""A net's files and its lines of a journal, beside its training."""

_CHECKPOINT_S = 0.002


class Pace:
    """Seconds that populations take on a data set.

    Attributes:
        start: until the first step of a process that has loaded Python's packages.
    """

    def __init__(self, dataset: Dataset, populations: Iterable[TrainedTogether]) -> None:
        """Measure those populations that are most of the work; the others are taken to be as fast, by their cost."""
        self._dataset, self._epochs = dataset, dict[str, float]()
        groups: dict[str, list[TrainedTogether]] = {}
        for population in populations:
            groups.setdefault(_kind(population), []).append(population)
        most_work = sorted(groups.items(), key=lambda item: -sum(map(self._cost, item[1])))
        self.start = self._prepared(most_work[0][1][0])
        began, cost = time.perf_counter(), 0.0
        for kind, (first, *_) in most_work:
            if self._epochs and time.perf_counter() - began > _LONGEST_S:
                break
            self._epochs[kind] = self._measured(first)
            cost += self._cost(first)
        self._of_cost = sum(self._epochs.values()) / cost

    def seconds(self, population: TrainedTogether, epochs: int) -> float:
        """What so many epochs take, and what is kept of the nets."""
        epoch = self._epochs.get(_kind(population), self._of_cost * self._cost(population))
        checkpoints = epochs // Site.checkpoint_every
        return epochs * epoch + _NET_S * len(population.members) + _CHECKPOINT_S * checkpoints

    def _cost(self, population: TrainedTogether) -> float:
        return planner.cost(population, self._dataset, 1)

    def _prepared(self, population: TrainedTogether) -> float:
        """Seconds until training starts.

        Where the training step is still to be compiled, the layers train here.
        """
        began = time.perf_counter()
        weighted = self._dataset.weights is not None
        self._compiles = choice.waiting(population.members.values(), weighted=weighted) is not None
        if population.engine == "compiled" and not self._compiles:
            ready(weighted=weighted)
        prepare(_any(population), self._dataset)
        compiling = _COMPILING_S if population.engine == "compiled" and self._compiles else 0.0
        return time.perf_counter() - began + compiling

    def _measured(self, population: TrainedTogether) -> float:
        """Seconds of an epoch: of a part of it, evaluated on as large a part of the images."""
        seen, own = prepare(_any(population), self._dataset), list(population.members.values())
        samples = len(seen.splits["train"])
        few = int(_MEASURED * samples / (self._cost(population) * own[0].batch_size))
        size = min(samples, own[0].batch_size * min(STEPS, max(2, few)))
        some = {name: _first(split, -(-len(split) * size // samples)) for name, split in seen.splits.items()}
        with threads.limited(population.threads):
            training = Training(
                [member.model_copy(update={"epochs": _EPOCHS}) for member in own],
                population.seeds[0],
                some,
                seen.transform,
                self._dataset.outputs,
                engine="layers" if self._compiles else population.engine,
                inits=population.seeds,
            )
            # The first one finds neither memory nor caches ready, and others may take the core meanwhile.
            took, began = list[float](), time.perf_counter()
            while len(took) < _EPOCHS and (len(took) < 2 or time.perf_counter() - began < _LONG_S):
                start = time.perf_counter()
                training.train_epoch()
                took.append(time.perf_counter() - start)
        return min(took[1:]) * samples / size


def _kind(population: TrainedTogether) -> str:
    """What populations have in common that take equally long."""
    settings = _any(population)
    shared = settings.model_dump_json(include=set(SHARED))
    return f"{shared} {planner.kind(settings)} {len(population.members)} {population.threads}"


def _any(population: TrainedTogether) -> Settings:
    return next(iter(population.members.values()))


def _first(split: Split, count: int) -> Split:
    """The first samples of a split."""
    weights = None if split.weights is None else split.weights[:, :count]
    return replace(split, images=split.images[:count], labels=split.labels[:count], weights=weights)
