"""What all strategies have in common: a pure function of what is finished, so that a resumed search asks what an
uninterrupted one would have asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from chainrule.records.searches import Choose, Metric, Trial
from chainrule.searches.space import Space, Values
from chainrule.settings.strict import Strict


class Batch(NamedTuple):
    """What to train next, all of it side by side.

    Attributes:
        fresh: values of new trials.
        survivors: numbers of trials that go on; those that do not are out.
        until: the epoch to stop at; None: the last one.
    """

    fresh: list[Values]
    survivors: list[int]
    until: int | None = None


class Stage(NamedTuple):
    """So many trials, side by side, trained from one epoch to another."""

    trials: int
    start: int
    end: int


class Strategy(Strict, ABC):
    """How a space is searched.

    Attributes:
        inits: seeds that each trial is trained with; its score is their mean.
        metric: what it is scored by, on the validation split with the last weights.
        choose: how the winner is chosen; see :func:`chainrule.searches.trials.chosen`.
    """

    inits: Annotated[int, Field(ge=1, le=1000)] = 3
    metric: Metric = "val_accuracy"
    choose: Choose = "mean"

    @abstractmethod
    def ask(self, space: Space, told: Sequence[Trial], seed: int, epochs: int) -> Batch | None:
        """What to train next; None when the search is done.

        Args:
            space: what may be chosen.
            told: the trials of all earlier batches in the order asked.
            seed: keys what is drawn.
            epochs: of a whole training.
        """

    @abstractmethod
    def stages(self, space: Space, epochs: int) -> list[Stage]:
        """What will be asked for, as far as it can be told before anything is trained; fewer trials at most."""

    def problems(self, space: Space, epochs: int) -> list[str]:
        """Why the space cannot be searched so, one line each."""
        if self.choose == "one_standard_error" and self.metric == "val_loss" and self.inits == 1:
            return [
                "strategy.choose = 'one_standard_error': the loss of a single init has no standard error; "
                "write inits = 2 or more"
            ]
        return []


def too_many(trials: int, space: Space) -> list[str]:
    """The line that says that a space holds fewer combinations than are asked for, if it does."""
    if space.size is None or trials <= space.size:
        return []
    return [
        f"strategy.trials = {trials}: the space holds {space.size} combinations; write {space.size} or fewer"
    ]


def unspaced(points: int | None, space: Space) -> list[str]:
    """The line that says that a grid needs a number of points where there are ranges and only there, if so."""
    if space.ranges and points is None:
        named = ", ".join(space.ranges)
        return [
            f"strategy.points: is missing: {named}: a grid needs to know how many values of a range; add points = 5"
        ]
    if points is not None and not space.ranges:
        return [f"strategy.points = {points}: the space has no range, so this does nothing; drop it"]
    return []
