"""What a step costs against members, width, depth, samples and processes, and the plan beside splits made by hand.

    python benchmarks/training/scaling.py --json scaling.json

One BLAS thread a process. Figures are medians over repetitions taken in turn, in microseconds of one net's step.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ours
from works import BATCH, L2, SEEDS, Work, write_data

from chainrule.machine import kernels, threads
from chainrule.nn.network import Network
from chainrule.train.engines import choice
from chainrule.work import planner
from chainrule.work.executors import results
from chainrule.work.nets import named
from chainrule.work.planner import TrainedTogether
from chainrule.work.processes import Processes

NET = Work((3072, 50, 50, 10), True)
MEMBERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
WIDTHS = (10, 25, 50, 100, 200, 400, 800)
DEPTHS = tuple(range(1, 10))
SAMPLES = (1_000, 5_000, 20_000, 50_000)
BY_HAND: Mapping[str, tuple[int, ...]] = {
    "8 a seed": (8,),
    "4 and 4": (4, 4),
    "5 and 3": (5, 3),
    "2, four times": (2, 2, 2, 2),
    "one by one": (1,) * 8,
}
"""How the eight nets of each seed are cut."""

Measure = Callable[[], float]


def population(work: Work, members: int) -> Measure:
    """Seconds of one net's step in a population of so many."""
    folder = Path(tempfile.mkdtemp())
    write_data(folder, work.widths[0], work.widths[-1], work.samples)
    together = group([L2[0] * (1 + i) for i in range(members)], 0, work)
    steps = members * ours.EPOCHS * work.steps

    def run() -> float:
        # One data set is kept at a time: read it again before the clock runs.
        ours.inputs(folder, work)
        start = time.perf_counter()
        ours.train_here(work, folder, together)
        return (time.perf_counter() - start) / steps

    return run


def group(values: Sequence[float], seed: int, work: Work = NET) -> TrainedTogether:
    """Nets of these l2 together."""
    members = {str(l2): ours.settings(work, l2, False) for l2 in values}
    engine = choice.chosen(Network(work.widths, "cross_entropy", work.batch_norm))
    return TrainedTogether((seed,) * len(members), members, engine)


def sweep(groups: Sequence[TrainedTogether] | None, workers: int) -> Measure:
    """Seconds of one net's step in a sweep of 40, on so many processes; as planned where no groups are given."""
    folder = Path(tempfile.mkdtemp())
    write_data(folder, NET.widths[0], NET.widths[-1], NET.samples)
    if groups is None:
        data = ours.dataset(folder, NET)
        nets = [named(data, ours.settings(NET, l2, False), seed) for seed in SEEDS for l2 in L2]
        groups = planner.plan(data, nets, workers)
    tasks = [(folder, one) for one in groups]

    def run() -> float:
        with contextlib.closing(Processes(workers)) as processes:
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


def measured(name: str, cases: Mapping[str, Measure], repetitions: int) -> dict[str, float]:
    """Medians of cases taken in turn, in microseconds; printed."""
    found: dict[str, list[float]] = {case: [] for case in cases}
    for _ in range(repetitions):
        for case, measure in cases.items():
            found[case].append(1e6 * measure())
    medians = {case: statistics.median(values) for case, values in found.items()}
    print(f"{name}: " + ", ".join(f"{case}: {median:.1f}" for case, median in medians.items()), flush=True)
    return medians


def every_case(cores: int) -> dict[str, dict[str, Measure]]:
    """What is varied, and every value of it."""
    plan = f"as planned for {cores}"
    return {
        "members": {str(m): population(NET if m < 64 else Work(NET.widths, True, 1000), m) for m in MEMBERS},
        "width": {str(w): population(Work((3072, w, 10), False, 2000), 1) for w in WIDTHS},
        "depth": {str(d): population(Work((3072, *[50] * (d - 1), 10), d > 1, 2000), 1) for d in DEPTHS},
        "samples": {str(n): population(Work(NET.widths, True, n), 8) for n in SAMPLES},
        "processes": {str(n): sweep(None, n) for n in range(1, cores + 1)},
        "splits": {plan: sweep(None, cores)} | {n: sweep(by_hand(s), cores) for n, s in BY_HAND.items()},
    }


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="members, width, depth, samples, processes, splits")
    parser.add_argument("--json", type=Path, help="write everything measured here")
    options = parser.parse_args()
    if note := kernels.note():
        print(note)
    cases = every_case(threads.available_cores())
    found = {
        name: measured(name, values, options.repetitions)
        for name, values in cases.items()
        if not options.only or name in options.only
    }
    if options.json:
        options.json.write_text(
            json.dumps({"net": NET.name, "batch": BATCH, "microseconds": found}, indent=1)
        )


if __name__ == "__main__":
    main()
