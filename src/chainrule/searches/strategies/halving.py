"""Successive halving: all start, the best go on for longer (Jamieson and Talwalkar, 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from chainrule.records.searches import Trial
from chainrule.searches.space import Space
from chainrule.searches.strategies.base import Batch, Stage, Strategy, too_many
from chainrule.searches.trials import diverged, ranked

PURPOSE = "search"


class Halving(Strategy):
    """All trials are trained to the first rung; at each rung the best 1/``eta`` go on to the next.

    Rungs lie at ``min_epochs`` * ``eta`` ** k epochs and at the end; a trial keeps its schedule, which is that of all
    its epochs. Trials that diverged or failed go no further.

    Attributes:
        trials: combinations drawn at random; without it every combination of lists starts.
        min_epochs: the first rung.
        eta: of so many trials one goes on.

    >>> halving = Halving(kind="halving", trials=9, min_epochs=1, eta=3)
    >>> halving.rungs(epochs=10)
    [1, 3, 9, 10]
    >>> [(stage.trials, stage.start, stage.end) for stage in halving.stages(Space({}), epochs=10)]
    [(9, 0, 1), (3, 1, 3), (1, 3, 9), (1, 9, 10)]
    """

    kind: Literal["halving"]
    trials: Annotated[int, Field(ge=2, le=100_000)] | None = None
    min_epochs: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    eta: Annotated[int, Field(ge=2, le=100)] = 3

    def rungs(self, epochs: int) -> list[int]:
        """The epochs at which trials are compared, the last one being all of them."""
        rungs, rung = [], self.min_epochs
        while rung < epochs:
            rungs.append(rung)
            rung *= self.eta
        return [*rungs, epochs]

    def ask(self, space: Space, told: Sequence[Trial], seed: int, epochs: int) -> Batch | None:
        """All to the first rung, then the best to the next one."""
        rungs = self.rungs(epochs)
        if not told:
            drawn = space.grid() if self.trials is None else space.draws(self.trials, seed, PURPOSE)
            return Batch(drawn, [], rungs[0])
        climbed = max(len(trial.rungs) for trial in told)
        if climbed == len(rungs):
            return None
        here = [trial for trial in told if trial.state == "running"]
        alive = [trial for trial in ranked(here, self.metric) if not diverged(trial)]
        survivors = sorted(trial.number for trial in alive[: max(1, len(here) // self.eta)])
        return Batch([], survivors, rungs[climbed]) if survivors else None

    def stages(self, space: Space, epochs: int) -> list[Stage]:
        """See :class:`Strategy`."""
        alive = len(space.grid()) if self.trials is None else self.trials
        stages, start = [], 0
        for rung in self.rungs(epochs):
            stages.append(Stage(alive, start, rung))
            alive, start = max(1, alive // self.eta), rung
        return stages

    def problems(self, space: Space, epochs: int) -> list[str]:
        """See :class:`Strategy`."""
        lines = super().problems(space, epochs)
        if self.trials is not None:
            lines += too_many(self.trials, space)
        elif space.ranges:
            lines.append(
                f"strategy.trials: is missing: {', '.join(space.ranges)}: a range has no end; add trials = 81"
            )
        if self.min_epochs >= epochs:
            lines.append(
                f"strategy.min_epochs = {self.min_epochs}: a whole training has {epochs} epochs; write fewer"
            )
        if "epochs" in space.dimensions:
            lines.append("space.epochs: halving gives each trial its epochs; drop it or use another kind")
        return lines
