"""What a step costs along one axis at a time, and the plan beside splits made by hand: microseconds of one net's step.

One BLAS thread a process. Figures are medians over repetitions taken in turn.
"""

from __future__ import annotations

import contextlib
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ours
from works import L2, SEEDS, Work, write_data

from chainrule.machine import threads
from chainrule.train.engines import choice
from chainrule.work import planner
from chainrule.work.executors import results
from chainrule.work.nets import named
from chainrule.work.planner import TrainedTogether
from chainrule.work.processes import Processes

NET = Work((3072, 50, 50, 10), True)
BY_HAND: Mapping[str, tuple[int, ...]] = {
    "8 a seed": (8,),
    "4 and 4": (4, 4),
    "5 and 3": (5, 3),
    "2, four times": (2, 2, 2, 2),
    "one by one": (1,) * 8,
}
"""How the eight nets of each seed are cut."""

Measure = Callable[[], float]
Lines = dict[str, dict[str, float]]


def along() -> dict[str, dict[str, Measure]]:
    """Every axis, and every value on it."""
    return {
        "members of 64-50-10": {
            str(m): population(Work((64, 50, 10), False, 1000), m) for m in (1, 3, 10, 30, 100, 300, 1000)
        },
        f"members of {NET.name}": {
            str(m): population(Work(NET.widths, True, 1000), m) for m in (1, 2, 4, 8, 16, 32, 64, 128)
        },
        "hidden units, 3072 inputs": {
            str(w): population(Work((3072, w, 10), False, 1000), 1) for w in (10, 25, 50, 100, 200, 400, 800)
        },
        "inputs, 50 hidden units": {
            str(d): population(Work((d, 50, 10), False, 1000), 1) for d in (4, 16, 64, 256, 1024, 3072, 12288)
        },
        f"samples of a minibatch, {NET.name}": {
            str(n): population(Work(NET.widths, True, 2000, n), 1) for n in (5, 10, 20, 50, 100, 200, 500)
        },
        "layers of 50, 3072 inputs": {
            str(d): population(Work((3072, *[50] * (d - 1), 10), d > 1, 1000), 1) for d in (1, 2, 3, 5, 9)
        },
    }


def sweeps() -> dict[str, dict[str, Measure]]:
    """A sweep of 40 on one process and on all, as planned and as cut by hand."""
    cores = threads.available_cores()
    planned = {f"as planned for {n}": sweep(None, n) for n in sorted({1, cores})}
    return {
        "a sweep of 40": planned | {name: sweep(by_hand(sizes), cores) for name, sizes in BY_HAND.items()}
    }


def population(work: Work, members: int) -> Measure:
    """Seconds of one net's step in a population of so many."""
    together = group([L2[0] * (1 + i) for i in range(members)], 0, work)
    steps = members * ours.EPOCHS * work.steps

    def run() -> float:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_data(folder, work.widths[0], work.widths[-1], work.samples)
            ours.inputs(folder, work)
            start = time.perf_counter()
            ours.train_here(work, folder, together)
            return (time.perf_counter() - start) / steps

    return run


def group(values: Sequence[float], seed: int, work: Work = NET) -> TrainedTogether:
    """Nets of these l2 together."""
    members = {str(l2): ours.settings(work, l2, False) for l2 in values}
    return TrainedTogether((seed,) * len(members), members, choice.chosen(members.values()))


def sweep(groups: Sequence[TrainedTogether] | None, workers: int) -> Measure:
    """Seconds of one net's step in a sweep of 40, on so many processes; as planned where no groups are given."""

    def run() -> float:
        with tempfile.TemporaryDirectory() as name, contextlib.closing(Processes(workers)) as processes:
            folder = Path(name)
            write_data(folder, NET.widths[0], NET.widths[-1], NET.samples)
            data = ours.dataset(folder, NET)
            nets = [named(data, ours.settings(NET, l2, False), seed) for seed in SEEDS for l2 in L2]
            tasks = [(folder, one) for one in groups or planner.plan(data, nets, workers)]
            spans = list(results(processes, trained, tasks, lambda: None))
        seconds = max(end for _, end in spans) - min(start for start, _ in spans)
        return seconds / (len(L2) * len(SEEDS) * ours.EPOCHS * NET.steps)

    return run


def trained(task: tuple[Path, TrainedTogether]) -> tuple[float, float]:
    """Train one population in a worker; when it began and ended."""
    folder, one = task
    ours.inputs(folder, NET)
    start = time.monotonic()
    ours.train_here(NET, folder, one)
    return start, time.monotonic()


def by_hand(sizes: Sequence[int]) -> list[TrainedTogether]:
    """Every seed's nets cut into these sizes, the largest first."""
    ends = list(itertools.accumulate(sizes))
    parts = [L2[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    return sorted((group(part, seed) for seed in SEEDS for part in parts), key=lambda one: -len(one.members))


def measured(axes: Mapping[str, Mapping[str, Measure]], repetitions: int) -> Lines:
    """Medians of an axis's values taken in turn, in microseconds."""
    lines: Lines = {}
    for name, cases in axes.items():
        found: dict[str, list[float]] = {case: [] for case in cases}
        for _ in range(repetitions):
            for case, measure in cases.items():
                found[case].append(1e6 * measure())
        lines[name] = {case: statistics.median(values) for case, values in found.items()}
    return lines
