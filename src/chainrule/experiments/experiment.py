"""An experiment: a table of settings to train, with what was published and claimed about it.

A recipe is an experiment that stands for a report; anybody's own file may leave the published part out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from chainrule.data import sources
from chainrule.data.sources import DatasetSource
from chainrule.errors import SettingsError, suggestion
from chainrule.experiments import unknowns
from chainrule.experiments.claims import Claim
from chainrule.experiments.published_check import GradientCheck
from chainrule.experiments.published_search import PublishedSearch, TableSearch
from chainrule.experiments.unknowns import Unknown
from chainrule.experiments.verdicts import Published
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict, explain

Accuracy = Literal["train_accuracy", "val_accuracy", "test_accuracy"]

Own = tuple[str, dict[str, Any]]
"""A row's name and what it sets."""


class Row(Strict):
    """One line of the table: what it sets beyond the common settings, and what was published of it."""

    name: Annotated[str, Field(min_length=1)]
    set: dict[str, Any] = Field(default_factory=dict)
    published: dict[Accuracy, Published] = Field(default_factory=dict)
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()


class EarlierRun(Strict):
    """What another run than the present one told of a number: the text, and of it what is known.

    Attributes:
        seeds: how many it had.
        version: of chainrule.
        date: of the run, as ``2026-05-01``.
        command: what made it.
    """

    text: Annotated[str, Field(min_length=1)]
    seeds: Annotated[int, Field(ge=1)] | None = None
    version: Annotated[str, Field(min_length=1)] | None = None
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    command: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, told: Any) -> Any:
        # Version 0.1.0 had no more than the text.
        return {"text": told} if isinstance(told, str) else told


class PublishedMeans(Strict):
    """Mean of all preprocessed inputs of each split, as published."""

    train: Published
    val: Published
    test: Published


class Experiment(Strict):
    """A table of settings.

    Attributes:
        title: what it is, in a line.
        source: where its published values stand.
        dataset: the data set that they are about, by name or as a table's file; on others nothing is published.
        inferred: settings that the source does not state, for all rows.
        metrics: which accuracies the table shows.
        settings: what all rows have in common, keys as in :class:`chainrule.settings.settings.Settings`.
        rows: the table's lines; none for a single line with nothing set, or none at all beside searches.
        searches: see :class:`chainrule.experiments.published_search.TableSearch`.
        gradient_histograms: rows of one layer, of which the entries of dJ/dW over the whole training split after
            training are shown as histograms.
        claims: what the source says about the outcome.
        published_means: see :class:`PublishedMeans`.
        found: what other runs told about numbers that differ or say nothing.
        gradient_check: see :class:`chainrule.experiments.published_check.GradientCheck`. It trains nothing, so it is
            no part of what a plan of training holds.
        unknowns: see :class:`chainrule.experiments.unknowns.Unknown`. The table's own rows train without them.
        not_tried: inferred settings that have no unknown, each with the reason.
    """

    title: str
    source: str = ""
    dataset: DatasetSource = "cifar10"
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()
    metrics: Annotated[tuple[Accuracy, ...], Field(strict=False, min_length=1)] = ("test_accuracy",)
    settings: dict[str, Any]
    rows: Annotated[tuple[Row, ...], Field(strict=False)] = ()
    searches: Annotated[tuple[TableSearch, ...], Field(strict=False)] = ()
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    gradient_histograms: Annotated[tuple[str, ...], Field(strict=False)] = ()
    published_means: PublishedMeans | None = None
    found: Annotated[tuple[EarlierRun, ...], Field(strict=False)] = ()
    gradient_check: Annotated[GradientCheck, Field(exclude=True)] = GradientCheck()
    unknowns: Annotated[tuple[Unknown, ...], Field(strict=False, exclude=True)] = ()
    not_tried: Annotated[dict[str, str], Field(exclude=True)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        names = [row.name for row in self.table]
        problems = [
            f"rows: the name '{name}' is given twice"
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        searches = [search.name for search in self.searches]
        problems += [
            f"searches: the name '{name}' is given twice"
            for name in dict.fromkeys(searches)
            if searches.count(name) > 1
        ]
        problems += [
            f"search '{search.name}': {line}" for search in self.searches for line in search.problems
        ]
        both = {*names, *searches}
        wanted = [
            (f"claims: '{claim.text}'", name, both if claim.of_searches else set(names))
            for claim in self.claims
            for name in claim.names
        ]
        wanted += [("gradient_histograms:", name, set(names)) for name in self.gradient_histograms]
        problems += [
            f"{place} names the row '{name}'; {suggestion(name, known)}"
            for place, name, known in wanted
            if name not in known
        ]
        for row in self.rows:
            problems += [
                f"rows: '{row.name}' publishes {metric}, which metrics does not list; add it there"
                for metric in row.published
                if metric not in self.metrics
            ]
        problems += [
            f"rows: '{row.name}' publishes {metric} = {value}, but an accuracy is a share of 1: write \"0.3684\""
            for row in self.rows
            for metric, value in row.published.items()
            if not 0 <= float(value) <= 1
        ]
        problems += self._too_narrow()
        published = {row.name: bool(row.published) for row in self.table}
        problems += unknowns.problems(self.unknowns, self.every_inferred(), self.not_tried, published)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _too_narrow(self) -> list[str]:
        """What publishes numbers that seeds of one order would judge: their spread lacks what the order does."""
        own = [(f"rows: '{row.name}'", row.set) for row in self.table if row.published]
        own += [
            (f"search '{one.name}'", one.set) for one in self.searches if one.published != PublishedSearch()
        ]
        own += [(f"unknown '{one.name}'", other.set) for one in self.unknowns for other in one.alternatives]
        return [
            f"{place}: order = 'shared', but an interval about a published number must hold every chance; drop it"
            for place, values in own
            if (self.settings | values).get("order") == "shared"
        ]

    @property
    def table(self) -> tuple[Row, ...]:
        """The rows, at least one unless there are searches."""
        return self.rows or (() if self.searches else (Row(name="all"),))

    @property
    def first(self) -> dict[str, Any]:
        """What the table's first row sets; nothing where there is none."""
        return self.table[0].set if self.table else {}

    def checked(self) -> list[dict[str, Any]]:
        """What the nets of the gradient check set, in its own order."""
        return self.gradient_check.own_settings(self.first)

    @property
    def row_settings(self) -> dict[str, dict[str, Any]]:
        """What every row sets beyond the common settings, by its name."""
        return {row.name: row.set for row in self.table}

    def on(self, dataset: str) -> Experiment:
        """The table for a data set: without published values where they are about another."""
        if dataset == sources.name_of(self.dataset):
            return self
        rows = tuple(row.model_copy(update={"published": {}}) for row in self.rows)
        unpublished = {"published": PublishedSearch()}
        searches = tuple(search.model_copy(update=unpublished) for search in self.searches)
        bare: dict[str, Any] = {
            "published_means": None,
            "found": (),
            "gradient_check": self.gradient_check.bare(),
            "unknowns": (),
            "not_tried": {},
        }
        return self.model_copy(update={"rows": rows, "searches": searches, **bare})

    def every_inferred(self) -> list[str]:
        """All that the source does not state of rows and searches, each once."""
        rows = [entry for row in self.rows for entry in row.inferred]
        searches = [entry for search in self.searches for entry in search.inferred]
        return list(dict.fromkeys([*self.inferred, *rows, *searches]))

    def searched_settings(self) -> list[Settings]:
        """Settings at the ends of every search's space."""
        return [
            Settings.model_validate(own) for search in self.searches for own in search.probes(self.settings)
        ]

    def resolved(self) -> dict[str, Settings]:
        """Every row's whole settings, by the row's name.

        Raises:
            SettingsError: with every problem of every row, one line each.
        """
        settings, problems = resolve(self.settings, [(row.name, row.set) for row in self.table])
        if problems:
            raise SettingsError(*problems)
        return settings


def resolve(common: dict[str, Any], rows: Sequence[Own]) -> tuple[dict[str, Settings], list[str]]:
    """Every row's settings and every row's problems; what is wrong in all rows is said once."""
    resolved: dict[str, Settings] = {}
    problems: dict[str, list[str]] = {}
    for name, own in rows:
        try:
            resolved[name] = Settings.model_validate({**common, **own})
        except ValidationError as error:
            for line in explain(error, Settings):
                problems.setdefault(line, []).append(name)
    lines = [
        line if len(names) == len(rows) else f"row {', '.join(map(repr, names))}: {line}"
        for line, names in problems.items()
    ]
    return resolved, lines
