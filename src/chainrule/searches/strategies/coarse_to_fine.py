"""A coarse grid, then draws in the range that its outcome suggests, as course reports search for l2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from chainrule.records.searches import Trial
from chainrule.searches.dimensions import Choices, Dimension, Range, key
from chainrule.searches.space import Space
from chainrule.searches.strategies.base import Batch, Stage, Strategy
from chainrule.searches.trials import best, worst

PURPOSE = "search fine"

Rule = Literal["around_best", "best_to_worst"]


class CoarseToFine(Strategy):
    """A grid of every range's ``points``, then ``fine`` draws.

    Attributes:
        points: evenly spaced values of each range in the coarse grid.
        fine: draws in the narrowed space.
        rule: ``around_best``: each range becomes that between the best coarse trial's neighbours on the grid;
            ``best_to_worst``: that between the best trial's value and the worst one's. Of a list, the best's value
            stays.

    The best of 0.001, 0.01 and 0.1 is 0.1, so the draws lie between it and its only neighbour:

    >>> from chainrule.searches.space import read_space
    >>> from chainrule.searches.trials import begun, scored
    >>> space, _ = read_space({"l2": {"low": 0.001, "high": 0.1, "log": True}})
    >>> fine = CoarseToFine(kind="coarse_to_fine", points=3, fine=4)
    >>> told = [
    ...     scored(begun(number, values), [score], "val_accuracy", 100, epochs=5, last=True)
    ...     for number, (values, score) in enumerate(zip(space.grid(3), [0.2, 0.3, 0.4]))
    ... ]
    >>> [round(end, 6) for end in fine.narrowed(space, told).dimensions["l2"].ends]
    [0.01, 0.1]
    """

    kind: Literal["coarse_to_fine"]
    points: Annotated[int, Field(ge=2, le=10_000)]
    fine: Annotated[int, Field(ge=1, le=100_000)]
    rule: Rule = "around_best"

    def ask(self, space: Space, told: Sequence[Trial], seed: int, epochs: int) -> Batch | None:
        """The grid, then the draws."""
        coarse = space.grid(self.points)
        if not told:
            return Batch(coarse, [])
        if len(told) > len(coarse):
            return None
        fine = self.narrowed(space, told)
        drawn = fine.draws(self.fine, seed, PURPOSE, [key(trial.values) for trial in told])
        return Batch(drawn, []) if drawn else None

    def narrowed(self, space: Space, coarse: Sequence[Trial]) -> Space:
        """The fine space, after the coarse trials."""
        top, last = best(coarse, self.metric).values, worst(coarse, self.metric).values
        fine: dict[str, Dimension] = {}
        for path, dimension in space.dimensions.items():
            if isinstance(dimension, Choices):
                fine[path] = Choices(values=(top[path],))
            elif self.rule == "best_to_worst":
                fine[path] = between(top[path], last[path], log=dimension.log, integer=dimension.integer)
            else:
                values = dimension.spaced(self.points)
                place = values.index(top[path])
                ends = values[max(place - 1, 0)], values[min(place + 1, len(values) - 1)]
                fine[path] = between(*ends, log=dimension.log, integer=dimension.integer)
        return Space(fine)

    def stages(self, space: Space, epochs: int) -> list[Stage]:
        """See :class:`Strategy`."""
        return [Stage(len(space.grid(self.points)), 0, epochs), Stage(self.fine, 0, epochs)]

    def problems(self, space: Space, epochs: int) -> list[str]:
        """See :class:`Strategy`."""
        lines = super().problems(space, epochs)
        if not space.ranges:
            lines.append(
                "strategy.kind = 'coarse_to_fine': the space has no range to narrow; write one as "
                "{ low = 1e-5, high = 0.1, log = true }, or use kind = 'grid'"
            )
        return lines


def between(first: Any, second: Any, *, log: bool, integer: bool = False) -> Dimension:
    """What lies between two values, both included.

    >>> between(0.1, 0.01, log=True).ends, between(3, 3, log=False).ends
    ([0.01, 0.1], [3])
    """
    low, high = min(first, second), max(first, second)
    if low == high:
        return Choices(values=(low,))
    return Range(low=float(low), high=float(high), log=log, integer=integer)
