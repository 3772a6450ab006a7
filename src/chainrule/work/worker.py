"""Train one population and leave a shard for each of its members: the task that executors run.

A worker that does not see the folder of results, or cannot write there, returns the files to the driver instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import Prepared, prepare
from chainrule.errors import StoreError
from chainrule.machine import threads
from chainrule.nets.net import complete
from chainrule.records.runs import Member
from chainrule.train.journal import PopulationOutcome
from chainrule.train.population import Training
from chainrule.train.state import State, pack
from chainrule.work import checkpoints, lock, planner, progress
from chainrule.work.checkpoints import Checkpoint
from chainrule.work.nets import shard_name
from chainrule.work.planner import TrainedTogether
from chainrule.work.sharing import Shared, opened
from chainrule.work.store import Store, shard


@dataclass(frozen=True)
class Slot:
    """Where a net stands: member number ``index`` of a checkpoint's file below the folder of results."""

    file: str
    index: int


@dataclass(frozen=True)
class TaskContext:
    """What all tasks of a run have in common.

    Attributes:
        data: what nets are trained on, or where it lies.
        folder: of results.
        driver: who holds the folder; it lies here only if that can be read there.
        counters: file of :class:`chainrule.work.progress.Counters`.
        checkpoint_every: epochs between checkpoints.
    """

    data: Shared
    folder: Path
    driver: str
    counters: Path
    checkpoint_every: int


@dataclass(frozen=True)
class PopulationTask:
    """A population to train.

    Attributes:
        population: who.
        index: this task's counter.
        epoch: where they stand.
        until: where they stop.
        start: where each of them is found, or the state itself; none of it at epoch 0.
        wanted: those whose shards are missing.
    """

    population: TrainedTogether
    index: int
    epoch: int
    until: int
    start: Sequence[Slot] | State
    wanted: frozenset[str]

    @property
    def file(self) -> str:
        """Its checkpoint's, below the folder of results."""
        return checkpoints.file_name(list(self.population.members))

    @property
    def own_components(self) -> list[str]:
        """What its nets are made of that only the driver knows."""
        settings = self.population.members.values()
        return list(dict.fromkeys(name for own in settings for name in own.own_components))

    @property
    def names(self) -> list[str]:
        """The wanted members, by slot."""
        return [name for name in self.population.members if name in self.wanted]


@dataclass
class Trained:
    """What came of a population.

    Attributes:
        members: the wanted ones, by slot.
        files: those that could not be written here, by name below the folder, in the order to write them.
        notes: what the user should know, a line each.
    """

    members: list[Member] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def run(context: TaskContext, task: PopulationTask) -> Trained:
    """Train, and write a shard for every wanted member.

    Raises:
        DataError: the data set is gone or damaged.
        StoreError: what training starts from is gone or damaged.
    """
    with threads.limited(task.population.threads):
        return _run(context, task)


def _run(context: TaskContext, task: PopulationTask) -> Trained:
    dataset = opened(context.data)
    settings, seeds = list(task.population.members.values()), task.population.seeds
    seen = prepare(settings[0], dataset)
    start = _start(context, task)
    training = Training(
        settings,
        seeds[0],
        seen.splits,
        seen.transform,
        dataset.outputs,
        start=start,
        engine=task.population.engine,
        inits=seeds,
    )
    whole = sum(planner.work(settings, dataset, task.until) for settings in settings)
    trained = Trained()
    while training.epoch < task.until:
        training.train_epoch()
        progress.report(context.counters, task.index, whole * (training.epoch - task.epoch) // task.until)
        if training.epoch == task.until or training.epoch % context.checkpoint_every == 0:
            _keep(context, task, training, trained)
    for member, files in _shards(task, dataset, training.outcome(), seen):
        trained.members.append(member)
        for name, content in files.items():
            _write(context, name, content, trained)
    return trained


def _start(context: TaskContext, task: PopulationTask) -> State | None:
    """Where to go on: at this population's checkpoint, which an attempt before may have left, or as the task says."""
    if _sees(context):
        try:
            state = checkpoints.read(context.folder / task.file).state
            if task.epoch <= state.epoch <= task.until:
                return state
        except StoreError:
            pass
    if task.epoch == 0:
        return None
    return task.start if isinstance(task.start, State) else gathered(context.folder, task.start)


def gathered(folder: Path, places: Sequence[Slot]) -> State:
    """The nets at ``places``, in order, as one state.

    Raises:
        StoreError: a checkpoint is gone or damaged.
    """
    parts, order = [], []
    for file in dict.fromkeys(place.file for place in places):
        mine = [number for number, place in enumerate(places) if place.file == file]
        parts.append(checkpoints.read(folder / file).state.take([places[number].index for number in mine]))
        order += mine
    return pack(parts).take(np.argsort(order).tolist())


def _keep(context: TaskContext, task: PopulationTask, training: Training, trained: Trained) -> None:
    """Leave a checkpoint. One in passing may fail, and the next one is due soon; one to go on from later may not."""
    population = task.population
    checkpoint = Checkpoint(
        tuple(population.members), tuple(dict.fromkeys(population.seeds)), task.until, training.state()
    )
    settings = next(iter(population.members.values()))
    if training.epoch == task.until < settings.epochs:
        _write(context, task.file, checkpoint.to_bytes(), trained)
    elif _sees(context):
        try:
            Store(context.folder).write(task.file, checkpoint.to_bytes())
        except StoreError as error:
            trained.notes = [str(error)]


def _shards(
    task: PopulationTask, dataset: Dataset, outcome: PopulationOutcome, seen: Prepared
) -> Iterator[tuple[Member, dict[str, bytes]]]:
    for index, (name, settings) in enumerate(task.population.members.items()):
        if name not in task.wanted:
            continue
        member = Member(
            id=shard_name(name, settings, task.until),
            dataset={"name": dataset.name, "checksum": dataset.checksum},
            settings=settings.model_dump(mode="json"),
            seed=task.population.seeds[index],
            history=outcome.histories[index],
            final=outcome.final[index],
            best=outcome.best[index],
            input_means=dict(seen.means),
            diverged=outcome.diverged[index],
            engine=task.population.engine,
            kept_epoch=outcome.kept_epochs[index],
        )
        last, best = (
            {kind: array[index : index + 1] for kind, array in each.items()}
            for each in (outcome.last, outcome.best_weights)
        )
        network = planner.network(settings, dataset)
        yield shard(member, complete(dataset, network, best, seen.transform, _trained(member)), last)


def _trained(member: Member) -> dict[str, Any]:
    """How a member was trained, as its net says it."""
    return {
        "settings": member.settings,
        "seed": member.seed,
        "dataset": member.dataset["name"],
        "engine": member.engine,
        "kept_epoch": member.kept_epoch,
    }


def _write(context: TaskContext, name: str, content: bytes, trained: Trained) -> None:
    """Write a file here, or leave it to the driver."""
    if _sees(context):
        try:
            Store(context.folder).write(name, content)
            return
        except StoreError:
            pass
    trained.files[name] = content


def _sees(context: TaskContext) -> bool:
    """Whether the folder lies here and is still its driver's: an orphan leaves it to the next one."""
    driver = lock.driver_of(context.folder)
    return driver is not None and driver.run == context.driver
