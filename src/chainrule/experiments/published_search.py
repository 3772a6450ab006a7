"""A report's search: one as :mod:`chainrule.searches` has it, with what was published beside it.

It is scored on the validation split alone, and replicated as a whole: every replicate has its own seeds for all its
inits, and its own draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from chainrule.experiments.verdicts import Published
from chainrule.records.searches import Trial
from chainrule.searches.search import Search, strategy_problems
from chainrule.searches.space import Space, applied, read_space
from chainrule.searches.strategies import AnyStrategy
from chainrule.searches.strategies.halving import Halving
from chainrule.settings.strict import Strict

TrialsByReplicate = Sequence[Sequence[Trial]]
"""A search's scored trials, replicate by replicate."""

MOST_RANKS = 3
"""Best scores of a search that have names in the results."""


class PublishedSearch(Strict):
    """What a report says of a search: its best scores, the highest first, and the settings that had them."""

    REPLACED: ClassVar = {"best_setting": "write best_settings = [{ ... }], the best first"}

    best_val_accuracy: Annotated[tuple[Published, ...], Field(strict=False)] = ()
    best_settings: Annotated[tuple[dict[str, Any], ...], Field(strict=False)] = ()


class TableSearch(Strict):
    """A search over settings.

    Attributes:
        set: what it sets beyond the table's common settings, for all its trials.
        space: see :func:`chainrule.searches.space.read_space`.
        strategy: see :mod:`chainrule.searches.strategies`; every trial is trained to the end.
        published: see :class:`PublishedSearch`.
        inferred: settings that the source does not state, beside the table's.
    """

    REPLACED: ClassVar = {
        "grid": 'write what is in it as space = { ... }, and strategy = { kind = "grid", inits = 1 }',
        "draw": (
            'write it and the search that it goes on from as one, with strategy = { kind = "coarse_to_fine", '
            'points = 8, fine = 30, rule = "best_to_worst", inits = 1 }'
        ),
        "inits": "write it into the strategy",
    }

    name: Annotated[str, Field(min_length=1)]
    set: dict[str, Any] = Field(default_factory=dict)
    space: dict[str, Any]
    strategy: AnyStrategy
    published: PublishedSearch = PublishedSearch()
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()

    @property
    def dimensions(self) -> Space:
        """The space as far as it is right."""
        return read_space(self.space)[0]

    @property
    def problems(self) -> list[str]:
        """What is wrong with it, one line each."""
        if isinstance(self.strategy, Halving):
            return [
                "strategy.kind = 'halving': leaves trials behind, and a table shows all of them; write another kind, "
                "or run it with: chainrule search"
            ]
        space, lines = read_space(self.space)
        lines = lines or strategy_problems(self.strategy, space, self.set)
        if lines:
            return lines
        most = min(MOST_RANKS, sum(stage.trials for stage in self.strategy.stages(space, 1)))
        for name in ("best_val_accuracy", "best_settings"):
            if len(getattr(self.published, name)) > most:
                lines.append(f"published.{name}: at most {most} can be compared; drop the others")
        for setting in self.published.best_settings:
            if unknown := setting.keys() ^ space.dimensions.keys():
                named = ", ".join(sorted(unknown))
                lines.append(
                    f"published.best_settings: and what is searched differ in {named}; write the same keys"
                )
        return lines

    def probes(self, common: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What trials at the ends of the space are trained with, on top of the table's common settings."""
        fixed = {**common, **self.set}
        return [{**applied(fixed, values), "evaluate": "validation"} for values in self.dimensions.probes()]

    def on(self, common: Mapping[str, Any]) -> Search:
        """The search in a table with these common settings."""
        settings = {**common, **self.set}
        return Search(title=self.name, settings=settings, space=self.space, strategy=self.strategy)


def nearest(trials: Sequence[Trial], values: Mapping[str, Any]) -> Trial:
    """The trial nearest to ``values``: in the sum of differences of logarithms, 0 being as far as can be."""

    def distance(value: Any, other: Any) -> float:
        if value == other:
            return 0.0
        numbers = isinstance(value, int | float) and isinstance(other, int | float)
        return abs(math.log(value / other)) if numbers and value > 0 and other > 0 else math.inf

    return min(trials, key=lambda trial: sum(distance(trial.values[key], values[key]) for key in values))
