"""Every combination of the space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from chainrule.records.searches import Trial
from chainrule.searches.space import Space
from chainrule.searches.strategies.base import Batch, Stage, Strategy, unspaced


class Grid(Strategy):
    """Every combination, in order.

    Attributes:
        points: evenly spaced values of each range, in its logarithm where it says so.

    >>> from chainrule.searches.space import read_space
    >>> space, _ = read_space({"l2": [0.0, 0.01], "batch_size": [10, 20]})
    >>> grid = Grid(kind="grid")
    >>> grid.ask(space, [], seed=0, epochs=5).fresh[1], grid.stages(space, epochs=5)
    ({'l2': 0.0, 'batch_size': 20}, [Stage(trials=4, start=0, end=5)])
    """

    kind: Literal["grid"]
    points: Annotated[int, Field(ge=2, le=100_000)] | None = None

    def ask(self, space: Space, told: Sequence[Trial], seed: int, epochs: int) -> Batch | None:
        """All at once."""
        return None if told else Batch(space.grid(self.points), [])

    def stages(self, space: Space, epochs: int) -> list[Stage]:
        """See :class:`Strategy`."""
        return [Stage(len(space.grid(self.points)), 0, epochs)]

    def problems(self, space: Space, epochs: int) -> list[str]:
        """See :class:`Strategy`."""
        return super().problems(space, epochs) + unspaced(self.points, space)
