"""chainrule: one net and a sweep as the planner cuts them, in worker processes as the command line starts them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import loky
from works import BATCH, L2, RATE, SEEDS, VALIDATION, Work, read_bytes

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import Prepared, prepare
from chainrule.machine import compiler, kernels, threads
from chainrule.settings.settings import Settings
from chainrule.train.population import Training, ready
from chainrule.work import planner
from chainrule.work.nets import named
from chainrule.work.planner import TrainedTogether

Round = Callable[[bool], int]

EPOCHS = 4
"""Passes of one training, so that its setting up counts for as little as in use."""


def settings(work: Work, l2: float, evaluating: bool) -> Settings:
    """One net."""
    return Settings.model_validate(
        {
            "train": work.samples,
            "val": VALIDATION,
            "test": BATCH,
            "preprocess": "standardize",
            "hidden": work.widths[1:-1],
            "batch_norm": work.batch_norm,
            "loss": "cross_entropy",
            "init": "he",
            "batch_size": work.batch,
            "epochs": EPOCHS,
            "shuffle": True,
            "learning_rate": RATE,
            "l2": l2,
            "evaluate": "curves" if evaluating else "validation",
        }
    )


@lru_cache(maxsize=1)
def inputs(folder: Path, work: Work) -> Prepared:
    """Splits and fitted transform, prepared before the clock runs, as the peers' inputs and steps are."""
    ready()
    return prepare(settings(work, 0.0, False), dataset(folder, work))


def dataset(folder: Path, work: Work) -> Dataset:
    """The benchmark's bytes as a data set whose last images test."""
    images, labels = read_bytes(folder)
    inputs, classes = work.widths[0], work.widths[-1]
    training = len(images) - BATCH
    fifth = training // 5
    stops = [fifth, 2 * fifth, 3 * fifth, 4 * fifth, training, len(images)]
    names = [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]
    return Dataset(
        name="benchmark",
        images=images,
        labels=labels,
        classes=tuple(map(str, range(classes))),
        shape=(1, 1, inputs),
        max_value=255,
        batches={n: range(a, b) for n, a, b in zip(names, [0, *stops], stops, strict=False)},
        checksum=str(folder),
        official=None,
        directory=folder,
    )


def train_here(work: Work, folder: Path, population: TrainedTogether) -> None:
    """Train one population, as a worker does."""
    seen = inputs(folder, work)
    with threads.limited(population.threads):
        training = Training(
            list(population.members.values()),
            population.seeds[0],
            seen.splits,
            seen.transform,
            work.widths[-1],
            engine=population.engine,
            inits=population.seeds,
        )
        while training.epoch < EPOCHS:
            training.train_epoch()
        training.outcome()


def one(work: Work, folder: Path) -> Round:
    """One net, again and again: in this process, as the command line trains what takes less time than to start
    workers."""
    populations = plans(work, folder, [(L2[0], 0)])
    inputs(folder, work)

    def epoch(evaluating: bool) -> int:
        for population in populations[evaluating]:
            train_here(work, folder, population)
        return EPOCHS * work.steps

    return epoch


def sweep(work: Work, folder: Path) -> Round:
    """All 40, by workers that have started."""
    nets = [(l2, seed) for seed in SEEDS for l2 in L2]
    populations = plans(work, folder, nets)
    # Workers that end while others are timed would be started again on our time.
    executor = loky.get_reusable_executor(
        threads.available_cores(), timeout=3600, env=kernels.worker_environment()
    )
    for _ in range(4 * threads.available_cores()):
        executor.submit(inputs, folder, work)

    def epoch(evaluating: bool) -> int:
        futures = [
            executor.submit(train_here, work, folder, population) for population in populations[evaluating]
        ]
        for future in futures:
            future.result()
        return EPOCHS * work.steps * len(nets)

    return epoch


def plans(work: Work, folder: Path, nets: Sequence[tuple[float, int]]) -> dict[bool, list[TrainedTogether]]:
    """Nets of these l2 and seeds as they are planned, without evaluation of every epoch and with it."""
    data = dataset(folder, work)
    return {
        evaluating: planner.plan(
            data,
            [named(data, settings(work, l2, evaluating), seed) for l2, seed in nets],
            threads.available_cores(),
        )
        for evaluating in (False, True)
    }


def by_numpy(form: Callable[[Work, Path], Round]) -> Callable[[Work, Path], Round]:
    """A form without the extra that compiles its steps; a contender's process trains by one form alone."""

    def prepared(work: Work, folder: Path) -> Round:
        os.environ[compiler.SWITCH] = "off"
        return form(work, folder)

    return prepared


ONE = {"one net": one, "one net, NumPy": by_numpy(one)}
SWEEP = {"sweep": sweep, "sweep, NumPy": by_numpy(sweep)}
