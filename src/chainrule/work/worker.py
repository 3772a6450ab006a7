"""Train one population and leave a shard for each of its members: the task that executors run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chainrule import threads
from chainrule.data import datasets
from chainrule.data.splits import split
from chainrule.data.transforms import fit
from chainrule.records import Member
from chainrule.train.population import train
from chainrule.work import planner, progress
from chainrule.work.planner import Population
from chainrule.work.store import Store


@dataclass(frozen=True)
class Task:
    """A population to train.

    Attributes:
        population: who.
        dataset: the data set's name.
        directory: where it lies.
        out: the folder of results.
        counters: file of :class:`chainrule.work.progress.Counters`.
        index: this task's counter.
    """

    population: Population
    dataset: str
    directory: Path
    out: Path
    counters: Path
    index: int


def run(task: Task) -> list[str]:
    """Train, save every member, return their ids.

    Raises:
        StoreError: a shard cannot be written.
        DataError: the data set is gone or damaged.
    """
    dataset = datasets.load(task.dataset, task.directory, verify=False)
    population = task.population
    settings = list(population.members.values())
    splits = split(settings[0], dataset)
    transform = fit(settings[0].preprocess, splits["train"].images, dataset.max_value)

    whole = sum(planner.work(one, dataset) for one in settings)

    def on_epoch(epoch: int) -> None:
        progress.report(task.counters, task.index, whole * epoch // settings[0].epochs)

    with threads.limited(population.threads):
        outcome = train(settings, population.seed, splits, transform, len(dataset.classes), on_epoch)
    means = {name: transform.mean(part.images) for name, part in splits.items()}
    store = Store(task.out)
    for index, (name, one) in enumerate(population.members.items()):
        member = Member(
            id=name,
            dataset={"name": dataset.name, "checksum": dataset.checksum},
            settings=one.model_dump(mode="json"),
            seed=population.seed,
            history=outcome.histories[index],
            final=outcome.final[index],
            best=outcome.best[index],
            input_means=means,
            diverged=outcome.diverged[index],
        )
        store.save(member, outcome.last, outcome.best_weights, index)
    return list(population.members)
