"""Searches as tables hold them: a grid, or draws between what an earlier search found best and worst.

A search is scored on the validation split alone. It is replicated as a whole: every replicate has its own seeds
for all its inits, and its own draws.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from chainrule.config import Settings, Strict
from chainrule.errors import suggestion
from chainrule.experiments.verdicts import Published
from chainrule.rng import stream

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


class Search(Strict):
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
    def _one_way(self) -> Search:
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
        return [
            dict(zip(self.grid, values, strict=True)) for values in itertools.product(*self.grid.values())
        ]

    def probes(self) -> list[dict[str, Any]]:
        """What each point sets, with 1 in the place of draws."""
        drawn = dict.fromkeys(self.draw, 1.0)
        return [{**self.set, **drawn, **own, "evaluate": "validation"} for own in self.products()]

    def seeds(self, replicate: int) -> range:
        """The seeds of a replicate's inits."""
        return range(replicate * self.inits, (replicate + 1) * self.inits)


class Point(NamedTuple):
    """One point of a search: the values searched, and the whole settings of its nets."""

    values: dict[str, Any]
    settings: Settings


class Scored(NamedTuple):
    """A point's score: mean validation accuracy of its inits, and that mean's standard error."""

    values: dict[str, Any]
    score: float
    error: float


def problems(searches: Sequence[Search]) -> list[str]:
    """What is wrong between searches: names given twice, draws after nothing."""
    found, names = [], [search.name for search in searches]
    found += [
        f"searches: the name '{name}' is given twice"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    for index, search in enumerate(searches):
        if search.earlier is not None and search.earlier not in names[:index]:
            hint = suggestion(search.earlier, names[:index]) if index else "put it after that search"
            found.append(
                f"searches: '{search.name}' draws after '{search.earlier}', which is no earlier one; {hint}"
            )
    return found


def points(
    search: Search, common: Mapping[str, Any], replicate: int, earlier: Sequence[Scored]
) -> list[Point]:
    """The points of one replicate.

    Args:
        search: which.
        common: the table's common settings.
        replicate: counted from 0; keys the draws.
        earlier: the scored points of :attr:`Search.earlier`, in the same replicate; unused by a grid.
    """
    if search.grid:
        chosen = search.products()
    else:
        ((key, draw),) = search.draw.items()
        ends = [math.log(scored.values[key]) for scored in (best(earlier), worst(earlier))]
        uniform = stream(replicate, f"search {search.name}").uniform(min(ends), max(ends), draw.count)
        chosen = [{key: math.exp(value)} for value in uniform]
    fixed = {**common, **search.set, "evaluate": "validation"}
    return [Point(values, Settings.model_validate({**fixed, **values})) for values in chosen]


def scored(point: Point, accuracies: Sequence[float | None], images: int) -> Scored:
    """A point's score from its inits' validation accuracies on ``images`` images; a diverged one counts as 0.

    The standard error is the inits' deviation / sqrt(inits); that of a single init, from the images, as binomial.
    """
    values = [0.0 if value is None else value for value in accuracies]
    score = float(np.mean(values))
    if len(values) > 1:
        return Scored(point.values, score, float(np.std(values, ddof=1)) / math.sqrt(len(values)))
    return Scored(point.values, score, math.sqrt(score * (1 - score) / images))


def best(results: Sequence[Scored]) -> Scored:
    """The highest score, the first of equals."""
    return max(results, key=lambda scored: scored.score)


def worst(results: Sequence[Scored]) -> Scored:
    """The lowest score, the first of equals."""
    return min(results, key=lambda scored: scored.score)


def nearest(results: Sequence[Scored], values: Mapping[str, Any]) -> Scored:
    """The point nearest to ``values``: in the sum of differences of logarithms, 0 being as far as can be."""

    def distance(one: Any, other: Any) -> float:
        if one == other:
            return 0.0
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return abs(math.log(one / other)) if numbers and one > 0 and other > 0 else math.inf

    return min(results, key=lambda scored: sum(distance(scored.values[key], values[key]) for key in values))
