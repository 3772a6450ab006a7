"""What a search comes to before it is run: populations, time and memory."""

from __future__ import annotations

import itertools
import resource
import sys
import time

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.data.splits import Split
from chainrule.machine import threads
from chainrule.records.base import Record
from chainrule.searches.dimensions import key
from chainrule.searches.search import Search
from chainrule.searches.space import Values
from chainrule.searches.strategies.base import Stage
from chainrule.train.engines import choice
from chainrule.train.population import ready, train
from chainrule.work import planner
from chainrule.work.executors import Executor, InProcess
from chainrule.work.planner import Population

STEPS = 30
"""Updates of a population that is trained here to see how fast this machine is."""

_START_S = 0.7
"""What a worker process takes to start, beside what it does to be ready: the interpreter, NumPy, SciPy."""

_CURVES = 1.5
"""How much longer a net takes that is evaluated on all images after every epoch, as measured in sweeps: the winner."""


class StagePlan(Record):
    """What one batch of trials comes to.

    Attributes:
        trials: that many train side by side; ``nets`` counts their inits.
        start, end: from which epoch to which.
        populations: members of each, the most work first.
    """

    trials: int
    nets: int
    start: int
    end: int
    populations: list[int]


class Estimate(Record):
    """The plan of a search.

    Attributes:
        stages: batch by batch, the winner trained once more at the end. Where trials are not known yet, others of the
            space stand for them.
        workers: how many populations train side by side.
        seconds: about how long it takes.
        worker_bytes: about how much memory each worker takes, data included.
    """

    stages: list[StagePlan]
    workers: int
    seconds: float
    worker_bytes: int

    @property
    def lines(self) -> list[str]:
        """The plan in words."""
        texts = []
        for number, stage in enumerate(self.stages, start=1):
            what = "the winner once more" if number == len(self.stages) else f"{stage.trials} trials"
            sizes = f"{len(stage.populations)} populations of up to {max(stage.populations)}"
            texts.append(f"{what}: {stage.nets} nets in {sizes}, epochs {stage.start} to {stage.end}")
        return [
            *_folded(texts),
            f"about {_duration(self.seconds)} on {self.workers} workers, estimated from {STEPS} updates measured here",
            f"about {self.worker_bytes / 2**20:.0f} MiB a worker, data included",
        ]


def estimate(search: Search, dataset: Dataset, seed: int, executor: Executor) -> Estimate:
    """Plan a search, and train its largest population for some updates here to tell time and memory.

    Args:
        search, seed: what.
        dataset: whole.
        executor: what would train; it is given nothing to do.
    """
    stages = [*search.strategy.stages(search.dimensions, search.epochs), Stage(1, 0, search.epochs)]
    planned = [_populations(search, stage, dataset, seed, executor.workers) for stage in stages]
    largest = max(itertools.chain(*planned), key=lambda population: planner.cost(population, dataset, 1))
    start, pace = _seconds(largest, dataset)
    if not isinstance(executor, InProcess):
        start += _START_S
    seconds = [
        _stage_seconds(stage, part, dataset, executor.workers, pace)
        for stage, part in zip(stages, planned, strict=True)
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Estimate(
        stages=[
            StagePlan(
                trials=stage.trials,
                nets=sum(len(population.members) for population in part),
                start=stage.start,
                end=stage.end,
                populations=[len(population.members) for population in part],
            )
            for stage, part in zip(stages, planned, strict=True)
        ],
        workers=executor.workers,
        seconds=start + sum(seconds[:-1]) + _CURVES * seconds[-1],
        worker_bytes=peak,
    )


def _populations(search: Search, stage: Stage, dataset: Dataset, seed: int, workers: int) -> list[Population]:
    nets = [net for values in _sample(search, stage, seed) for net in search.nets(values, dataset, seed)]
    return planner.plan(dataset, nets, workers, stage.end)


def _sample(search: Search, stage: Stage, seed: int) -> list[Values]:
    """The first batch's trials, or others where it has fewer: what is asked for later is not known yet."""
    first = search.strategy.ask(search.dimensions, [], seed, search.epochs)
    known = first.fresh[: stage.trials] if first else []
    left = stage.trials - len(known)
    return known + search.dimensions.draws(left, seed, "search estimate", [key(values) for values in known])


def _stage_seconds(
    stage: Stage, populations: list[Population], dataset: Dataset, workers: int, pace: float
) -> float:
    costs = [planner.cost(population, dataset, stage.end - stage.start) for population in populations]
    return pace * max(*costs, sum(costs) / workers)


def _seconds(population: Population, dataset: Dataset) -> tuple[float, float]:
    """Seconds until training starts, and for a unit of cost, measured on some updates.

    Where the training step is still to be compiled, the layers train here.
    """
    began = time.perf_counter()
    engine = population.engine if choice.waiting() is None else "layers"
    settings = [member.model_copy(update={"epochs": 1}) for member in population.members.values()]
    seen = prepare(settings[0], dataset)
    samples = len(seen.splits["train"])
    size = min(samples, STEPS * settings[0].batch_size)
    some = {name: Split(split.images[:size], split.labels[:size]) for name, split in seen.splits.items()}
    some["val"] = Split(some["val"].images[:1], some["val"].labels[:1])
    if engine == "compiled":
        ready()
    start = time.perf_counter() - began
    with threads.limited(population.threads):
        began = time.perf_counter()
        train(settings, population.seeds[0], some, seen.transform, dataset.outputs, engine=engine)
        took = time.perf_counter() - began
    return start, took / (planner.cost(population, dataset, 1) * size / samples)


def _folded(lines: list[str]) -> list[str]:
    """Equal neighbours as one line."""
    folded: list[str] = []
    counts: list[int] = []
    for line in lines:
        if folded and folded[-1] == line:
            counts[-1] += 1
        else:
            folded.append(line)
            counts.append(1)
    return [
        f"{count} times {line}" if count > 1 else line for line, count in zip(folded, counts, strict=True)
    ]


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
