"""How fast this machine is, and how much of that training reaches: what ``chainrule bench`` measures.

Every figure is taken by tasks in worker processes that say when they began and ended, so that starting processes and
making data do not count.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from chainrule.data.datasets import Dataset
from chainrule.data.layouts import BATCHES
from chainrule.data.prepared import prepare
from chainrule.machine import environment, threads
from chainrule.machine.processor import processor
from chainrule.records.base import Record
from chainrule.settings.settings import Settings
from chainrule.train.population import ready, train
from chainrule.work import planner
from chainrule.work.executors import Executor, results
from chainrule.work.nets import named
from chainrule.work.planner import TrainedTogether

BATCH = 100
L2 = tuple(10.0**power for power in range(-8, 0))
SEEDS = range(5)
"""A sweep is every l2 with every seed: 40 nets."""

NETS: dict[str, tuple[tuple[int, ...], bool]] = {
    "3072-50-10": ((3072, 50, 10), False),
    "3072-50-50-10, batch norm": ((3072, 50, 50, 10), True),
    "64-64-64-10": ((64, 64, 64, 10), False),
}
"""Widths, and whether with batch norm."""

SAMPLES, HELD_OUT = 5000, 500
SIZE, PRODUCTS = 2048, 12


class NetSpeed(Record):
    """One net's speed, alone and in a sweep.

    Attributes:
        net: its name.
        nets: how many were trained.
        steps_per_second: updates of one net, summed over all.
        share_of_peak: its matrix products' floating-point operations a second over the machine's peak.
    """

    net: str
    nets: int
    steps_per_second: float
    share_of_peak: float


class Speed(Record):
    """What this machine does.

    Attributes:
        processor, blas: its name; the BLAS libraries and their kernels.
        workers: processes.
        peak, peak_of_one: floating-point operations a second of large float32 products, on all workers and on one.
    """

    version: Literal[1] = 1
    processor: str
    blas: list[str]
    workers: int
    peak: float
    peak_of_one: float
    nets: list[NetSpeed]


@dataclass(frozen=True)
class Span:
    """When a task began and ended, on a clock that all processes of a machine share, and what it did."""

    began: float
    ended: float
    amount: float


@dataclass(frozen=True)
class _SpeedTask:
    """A population to train, and the random data that it is trained on."""

    population: TrainedTogether
    widths: tuple[int, ...]


def flop(widths: Sequence[int]) -> int:
    """Floating-point operations of a step's products: forward, dW, and dx in all layers but the first."""
    products = [inputs * outputs for inputs, outputs in itertools.pairwise(widths)]
    return 2 * BATCH * (3 * sum(products) - products[0])


@functools.lru_cache(maxsize=1)
def random_dataset(inputs: int, classes: int) -> Dataset:
    """Random bytes and labels: how fast a net trains does not depend on what it learns."""
    rng = np.random.default_rng([inputs, classes])
    stops = np.cumsum([SAMPLES // 5] * 4 + [SAMPLES // 5 + HELD_OUT, HELD_OUT]).tolist()
    return Dataset(
        name="random",
        images=rng.integers(0, 256, (stops[-1], inputs), dtype=np.uint8),
        labels=rng.integers(0, classes, stops[-1], dtype=np.uint8),
        classes=tuple(map(str, range(classes))),
        shape=(1, 1, inputs),
        max_value=255,
        batches={
            name: range(*rows) for name, rows in zip(BATCHES, itertools.pairwise([0, *stops]), strict=True)
        },
        checksum=f"{inputs} to {classes}",
        official=None,
        directory=None,
    )


def settings(widths: Sequence[int], batch_norm: bool, l2: float, epochs: int) -> Settings:
    """A net of these widths, trained on the random data and evaluated once."""
    return Settings(
        train=SAMPLES,
        val=HELD_OUT,
        test="test_batch",
        preprocess="standardize",
        hidden=tuple(widths[1:-1]),
        batch_norm=batch_norm,
        loss="cross_entropy",
        init="he",
        batch_size=BATCH,
        epochs=epochs,
        shuffle=True,
        learning_rate=0.01,
        l2=l2,
        evaluate="validation",
    )


def measure(executor: Executor, progress: Callable[[int, int], None] = lambda done, total: None) -> Speed:
    """Peak, then every net alone and as a sweep; ``progress`` is called with what is done and what there is."""
    total = 2 + 2 * len(NETS)
    done = itertools.count()
    progress(next(done), total)
    peaks = []
    for workers in (1, executor.workers):
        # Workers do not start at one moment: each one's own rate is what it reaches beside the others.
        spans = _spans(executor, _products, range(workers))
        peaks.append(sum(span.amount / (span.ended - span.began) for span in spans))
        progress(next(done), total)
    nets = []
    for name, (widths, batch_norm) in NETS.items():
        data = random_dataset(widths[0], widths[-1])
        alone = [named(data, settings(widths, batch_norm, L2[0], 16), 0)]
        sweep = [named(data, settings(widths, batch_norm, l2, 4), seed) for seed in SEEDS for l2 in L2]
        for wanted in (alone, sweep):
            populations = planner.plan(data, wanted, executor.workers)
            spans = _spans(executor, _train, [_SpeedTask(population, widths) for population in populations])
            seconds = max(span.ended for span in spans) - min(span.began for span in spans)
            rate = sum(span.amount for span in spans) / seconds
            nets.append(
                NetSpeed(
                    net=name,
                    nets=len(wanted),
                    steps_per_second=rate,
                    share_of_peak=rate * flop(widths) / peaks[-1],
                )
            )
            progress(next(done), total)
    return Speed(
        processor=processor().name,
        blas=environment.blas(),
        workers=executor.workers,
        peak=peaks[-1],
        peak_of_one=peaks[0],
        nets=nets,
    )


def _spans(executor: Executor, function: Callable[[Any], Span], tasks: Sequence[Any]) -> list[Span]:
    return list(results(executor, function, tasks, lambda: None))


def _products(task: int) -> Span:
    """Large products, one after another; their floating-point operations."""
    a, b = (np.random.default_rng(i).random((SIZE, SIZE), np.float32) for i in (0, 1))
    out = a @ b
    began = time.monotonic()
    for _ in range(PRODUCTS):
        np.matmul(a, b, out=out)
    return Span(began, time.monotonic(), PRODUCTS * 2.0 * SIZE**3)


def _train(task: _SpeedTask) -> Span:
    """Train a population; its members' steps."""
    members = list(task.population.members.values())
    data = random_dataset(task.widths[0], task.widths[-1])
    seen = prepare(members[0], data)
    ready()
    began = time.monotonic()
    with threads.limited(task.population.threads):
        train(
            members, task.population.seeds[0], seen.splits, seen.transform, task.widths[-1],
            engine=task.population.engine,
        )  # fmt: skip
    return Span(began, time.monotonic(), len(members) * members[0].epochs * (SAMPLES / BATCH))
