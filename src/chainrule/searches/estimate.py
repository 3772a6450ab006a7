"""What a search comes to before it is run: populations, time and memory."""

from __future__ import annotations

import itertools
import resource
import sys

from chainrule.data.datasets import Dataset
from chainrule.records.base import Record
from chainrule.searches.pace import Pace
from chainrule.searches.planned import PlannedStage, executor_of, planned
from chainrule.searches.search import Search
from chainrule.work.executors import Executor, InProcess

_START_S = 0.7
"""What a worker process takes to start, beside what it does to be ready: the interpreter, NumPy, SciPy."""

_COMMAND_S = 1.7
"""What a search takes beside its training: Python's packages, the journal, the page."""


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
        place = f"on {self.workers} workers" if self.workers > 1 else "in one process"
        return [
            *_folded(texts),
            f"about {_duration(self.seconds)} {place}, estimated from what was measured here",
            f"about {self.worker_bytes / 2**20:.0f} MiB a worker, data included",
        ]


def estimate(search: Search, dataset: Dataset, seed: int, executor: Executor) -> Estimate:
    """Plan a search, and train its largest populations for an instant here to tell time and memory.

    Args:
        search, seed: what.
        dataset: whole.
        executor: what would train; it is given nothing to do.
    """
    executor = executor_of(search, dataset, seed, executor)
    stages = planned(search, dataset, seed, executor.workers)
    pace = Pace(dataset, itertools.chain.from_iterable(stage.populations for stage in stages))
    start = _COMMAND_S + pace.start + (0.0 if isinstance(executor, InProcess) else _START_S)
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
            for stage, part in stages
        ],
        workers=executor.workers,
        seconds=start + sum(_stage_seconds(stage, executor.workers, pace) for stage in stages),
        worker_bytes=peak,
    )


def _stage_seconds(planned: PlannedStage, workers: int, pace: Pace) -> float:
    stage = planned.stage
    seconds = [pace.seconds(population, stage.end - stage.start) for population in planned.populations]
    return max(*seconds, sum(seconds) / workers)


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
