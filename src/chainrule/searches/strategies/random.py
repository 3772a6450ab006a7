"""Independent draws: uniform, or uniform in the logarithm where a range says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from chainrule.records.searches import Trial
from chainrule.searches.space import Space
from chainrule.searches.strategies.base import Batch, Stage, Strategy, too_many

PURPOSE = "search"
"""Names the streams that draws come from."""


class Random(Strategy):
    """So many different combinations at random.

    Attributes:
        trials: how many; a larger number begins with the same ones.

    >>> from chainrule.searches.space import read_space
    >>> space, _ = read_space({"l2": {"low": 1e-5, "high": 0.1, "log": True}})
    >>> two, three = (Random(kind="random", trials=n).ask(space, [], seed=0, epochs=5).fresh for n in (2, 3))
    >>> three[:2] == two
    True
    """

    kind: Literal["random"]
    trials: Annotated[int, Field(ge=1, le=100_000)]

    def ask(self, space: Space, told: Sequence[Trial], seed: int, epochs: int) -> Batch | None:
        """All at once."""
        return None if told else Batch(space.draws(self.trials, seed, PURPOSE), [])

    def stages(self, space: Space, epochs: int) -> list[Stage]:
        """See :class:`Strategy`."""
        return [Stage(self.trials, 0, epochs)]

    def problems(self, space: Space, epochs: int) -> list[str]:
        """See :class:`Strategy`."""
        return super().problems(space, epochs) + too_many(self.trials, space)
