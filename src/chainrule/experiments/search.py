"""Searches as tables hold them: a grid, or draws between what an earlier search found best and worst.

A search is scored on the validation split alone. It is replicated as a whole: every replicate has its own seeds
for all its inits, and its own draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field, model_validator

from chainrule.errors import suggestion
from chainrule.experiments.verdicts import Published
from chainrule.records.searches import Trial
from chainrule.rng import stream
from chainrule.searches.space import Choices, Space
from chainrule.searches.strategies.coarse_to_fine import between
from chainrule.searches.trials import best, worst
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict

TrialsByReplicate = Sequence[Sequence[Trial]]
"""A search's scored points, replicate by replicate."""

MOST_RANKS = 3
"""Best scores of a search that have names in the results."""


class LogUniform(Strict):
    """Draws of one setting, uniform in its logarithm, between the best and the worst value of an earlier search."""

    count: Annotated[int, Field(ge=1)]
    between_best_and_worst_of: str


class PublishedSearch(Strict):
    """What a report says of a search: its best scores, the highest first, and the best setting."""

    best_val_accuracy: Annotated[tuple[Published, ...], Field(strict=False)] = ()
    best_setting: dict[str, Any] = Field(default_factory=dict)


class TableSearch(Strict):
    """A search over settings.

    Attributes:
        set: what it sets beyond the table's common settings, for all its points.
        grid: values of each setting searched; their product is tried.
        draw: one setting's draws, instead of a grid.
        inits: seeds a point is trained with; its score is their mean.
        published: see :class:`PublishedSearch`.
    """

    name: Annotated[str, Field(min_length=1)]
    set: dict[str, Any] = Field(default_factory=dict)
    grid: dict[str, Annotated[list[Any], Field(min_length=1)]] = Field(default_factory=dict)
    draw: dict[str, LogUniform] = Field(default_factory=dict)
    inits: Annotated[int, Field(ge=1)] = 1
    published: PublishedSearch = PublishedSearch()
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _one_way(self) -> TableSearch:
        if bool(self.grid) == bool(self.draw) or len(self.draw) > 1:
            raise ValueError(f"search '{self.name}' needs a grid or the draws of one setting")
        ranks = min(MOST_RANKS, self.size // self.inits)
        if len(self.published.best_val_accuracy) > ranks:
            raise ValueError(f"search '{self.name}': at most {ranks} best_val_accuracy can be compared")
        best = self.published.best_setting
        unknown = set(best) ^ {*self.grid, *self.draw} if best else set()
        if unknown:
            raise ValueError(
                f"search '{self.name}': best_setting and what is searched differ in {sorted(unknown)}"
            )
        return self

    @property
    def earlier(self) -> str | None:
        """The search whose outcome this one needs."""
        return next((draw.between_best_and_worst_of for draw in self.draw.values()), None)

    @property
    def size(self) -> int:
        """Nets of one replicate."""
        points = math.prod(len(values) for values in self.grid.values())
        return self.inits * (points if self.grid else sum(draw.count for draw in self.draw.values()))

    def products(self) -> list[dict[str, Any]]:
        """Every combination of the grid's values, in order; one empty one for draws."""
        return Space({key: Choices(values=tuple(values)) for key, values in self.grid.items()}).grid()

    def probes(self) -> list[dict[str, Any]]:
        """What each point sets, with 1 in the place of draws."""
        drawn = dict.fromkeys(self.draw, 1.0)
        return [{**self.set, **drawn, **own, "evaluate": "validation"} for own in self.products()]

    def seeds(self, replicate: int) -> range:
        """The seeds of a replicate's inits."""
        return range(replicate * self.inits, (replicate + 1) * self.inits)


class PlannedPoint(NamedTuple):
    """One point of a search: the values searched, and the whole settings of its nets."""

    values: dict[str, Any]
    settings: Settings


def problems(searches: Sequence[TableSearch]) -> list[str]:
    """What is wrong between searches: names given twice, draws after nothing."""
    lines, names = [], [search.name for search in searches]
    lines += [
        f"searches: the name '{name}' is given twice"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    for index, search in enumerate(searches):
        if search.earlier is None:
            continue
        if search.earlier not in names[:index]:
            hint = suggestion(search.earlier, names[:index]) if index else "put it after that search"
            lines.append(
                f"searches: '{search.name}' draws after '{search.earlier}', which is no earlier one; {hint}"
            )
            continue
        earlier = searches[names.index(search.earlier)]
        lines += [
            f"searches: '{search.name}' draws {key} in the logarithm, but '{earlier.name}' searches no values of it "
            "above 0 alone; write a grid of such values there"
            for key in search.draw
            if not (key in earlier.draw or _all_positive(earlier.grid.get(key)))
        ]
    return lines


def _all_positive(values: Sequence[Any] | None) -> bool:
    return bool(values) and all(isinstance(value, int | float) and value > 0 for value in values or ())


def planned_points(
    search: TableSearch, common: Mapping[str, Any], replicate: int, earlier: Sequence[Trial]
) -> list[PlannedPoint]:
    """The points of one replicate.

    Args:
        search: which.
        common: the table's common settings.
        replicate: counted from 0; keys the draws.
        earlier: the trials of :attr:`TableSearch.earlier`, in the same replicate; unused by a grid.
    """
    if search.grid:
        chosen = search.products()
    else:
        ((key, draw),) = search.draw.items()
        fine = between(best(earlier).values[key], worst(earlier).values[key], log=True)
        generator = stream(replicate, f"search {search.name}")
        chosen = [{key: fine.draw(generator)} for _ in range(draw.count)]
    fixed = {**common, **search.set, "evaluate": "validation"}
    return [PlannedPoint(values, Settings.model_validate({**fixed, **values})) for values in chosen]


def nearest(results: Sequence[Trial], values: Mapping[str, Any]) -> Trial:
    """The point nearest to ``values``: in the sum of differences of logarithms, 0 being as far as can be."""

    def distance(value: Any, other: Any) -> float:
        if value == other:
            return 0.0
        numbers = isinstance(value, int | float) and isinstance(other, int | float)
        return abs(math.log(value / other)) if numbers and value > 0 and other > 0 else math.inf

    return min(results, key=lambda trial: sum(distance(trial.values[key], values[key]) for key in values))
