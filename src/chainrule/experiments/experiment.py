"""An experiment: a table of settings to train, with what was published and claimed about it.

A recipe is an experiment that stands for a report; anybody's own file may leave the published part out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from chainrule.config import Settings, Strict, explain, read_toml
from chainrule.errors import SettingsError, suggestion
from chainrule.experiments import search
from chainrule.experiments.claims import Claim
from chainrule.experiments.search import Search
from chainrule.experiments.verdicts import Published

Accuracy = Literal["train_accuracy", "val_accuracy", "test_accuracy"]

Own = tuple[str, dict[str, Any]]
"""A row's name and what it sets."""


class Row(Strict):
    """One line of the table: what it sets beyond the common settings, and what was published of it."""

    name: Annotated[str, Field(min_length=1)]
    set: dict[str, Any] = Field(default_factory=dict)
    published: dict[Accuracy, Published] = Field(default_factory=dict)
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()


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
        inferred: settings that the source does not state, for all rows.
        metrics: which accuracies the table shows.
        settings: what all rows have in common, keys as in :class:`chainrule.config.Settings`.
        rows: the table's lines; none for a single line with nothing set, or none at all beside searches.
        searches: see :class:`chainrule.experiments.search.Search`.
        gradient_histograms: rows of one layer, of which the entries of dJ/dW over the whole training split after
            training are shown as histograms.
        claims: what the source says about the outcome.
        published_means: see :class:`PublishedMeans`.
    """

    title: str
    source: str = ""
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()
    metrics: Annotated[tuple[Accuracy, ...], Field(strict=False, min_length=1)] = ("test_accuracy",)
    settings: dict[str, Any]
    rows: Annotated[tuple[Row, ...], Field(strict=False)] = ()
    searches: Annotated[tuple[Search, ...], Field(strict=False)] = ()
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    gradient_histograms: Annotated[tuple[str, ...], Field(strict=False)] = ()
    published_means: PublishedMeans | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        names = [row.name for row in self.table]
        problems = [
            f"rows: the name '{name}' is given twice"
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        problems += search.problems(self.searches)
        both = {*names, *(one.name for one in self.searches)}
        wanted = [(f"claims: '{claim.text}'", name, both) for claim in self.claims for name in claim.names]
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
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def table(self) -> tuple[Row, ...]:
        """The rows, at least one unless there are searches."""
        return self.rows or (() if self.searches else (Row(name="all"),))

    def probes(self, one: Search) -> list[Settings]:
        """Settings of every point of a search's grid; of draws, one with 1 in their place."""
        return [Settings.model_validate({**self.settings, **own}) for own in one.probes()]

    def every_setting(self) -> list[Settings]:
        """Settings of all rows and of all points of searches."""
        return [*self.resolved().values(), *(probe for one in self.searches for probe in self.probes(one))]

    def resolved(self) -> dict[str, Settings]:
        """Every row's whole settings, by the row's name.

        Raises:
            SettingsError: with every problem of every row, one line each.
        """
        settings, problems = _resolve(self.settings, [(row.name, row.set) for row in self.table])
        if problems:
            raise SettingsError(*problems)
        return settings


def _resolve(common: dict[str, Any], rows: Sequence[Own]) -> tuple[dict[str, Settings], list[str]]:
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


def read_experiment(path: Path, overrides: Sequence[str] = ()) -> Experiment:
    """Read an experiment from a TOML file.

    Args:
        path: the file.
        overrides: ``key=value`` pairs that replace common settings, values as in TOML.

    Raises:
        SettingsError: with every problem found, one line each.
    """
    document = read_toml(path)
    document, problems = _overridden(document, overrides)
    problems += [f"{path}: {line}" for line in _problems(document)]
    if problems:
        raise SettingsError(*problems)
    return Experiment.model_validate(document)


def _problems(document: dict[str, Any]) -> list[str]:
    """All that is wrong with a document: its structure, and its settings as far as they can be told."""
    experiment, problems = None, []
    try:
        experiment = Experiment.model_validate(document)
    except ValidationError as error:
        problems = explain(error, Experiment)
    common = document.get("settings")
    if not isinstance(common, dict):
        return problems
    own = [*_own_settings(document), *(_searched(experiment) if experiment else [])]
    resolved, found = _resolve(common, own or [("all", {})])
    if experiment and not problems and not found:
        found = _contradictions(experiment, {row.name: resolved[row.name] for row in experiment.table})
    return problems + found


def _contradictions(experiment: Experiment, settings: Mapping[str, Settings]) -> list[str]:
    """What the rows' settings rule out."""
    deep = [row for row in experiment.gradient_histograms if settings[row].hidden]
    found = [f"gradient_histograms: row '{row}' has hidden layers; only one layer is shown" for row in deep]
    brief = [row for row, one in settings.items() if one.evaluate == "validation"]
    if set(experiment.metrics) != {"val_accuracy"}:
        found += [
            f"row '{row}': evaluate = 'validation' measures val_accuracy alone; drop it or the other metrics"
            for row in brief
        ]
    return found


def _searched(experiment: Experiment) -> list[Own]:
    """What each point of each search sets."""
    return [(f"search {one.name}", own) for one in experiment.searches for own in one.probes()]


def _own_settings(document: dict[str, Any]) -> list[Own]:
    """What each row sets, of a document that may be damaged."""
    rows = document.get("rows")
    tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [
        (str(row.get("name", number)), row["set"] if isinstance(row.get("set"), dict) else {})
        for number, row in enumerate(tables)
    ]


def _search_settings(document: dict[str, Any]) -> list[Own]:
    """What each search sets or searches, of a document that may be damaged."""
    searches = document.get("searches")
    tables = [search for search in searches if isinstance(search, dict)] if isinstance(searches, list) else []
    parts = [
        (str(search.get("name")), search.get(key)) for search in tables for key in ("set", "grid", "draw")
    ]
    return [(name, part) for name, part in parts if isinstance(part, dict)]


def _overridden(document: dict[str, Any], overrides: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The document with ``overrides`` in its common settings, and what is wrong with them."""
    common = document.get("settings")
    settings, problems = dict(common) if isinstance(common, dict) else {}, []
    own = [*_own_settings(document), *_search_settings(document)]
    for override in overrides:
        key, equals, value = (part.strip() for part in override.partition("="))
        first = key.partition(".")[0]
        owners = dict.fromkeys(name for name, row in own if first in row)
        if not equals or not key:
            problems.append(f"--set {override}: is no key=value; write for example --set epochs=5")
        elif owners:
            problems.append(f"--set {override}: {first} is set by {', '.join(owners)}; edit the file")
        else:
            _assign(settings, key, _toml_value(value))
    return ({**document, "settings": settings} if overrides else document), problems


def _assign(settings: dict[str, Any], key: str, value: Any) -> None:
    first, _, rest = key.partition(".")
    if rest:
        inner = settings.get(first)
        settings[first] = dict(inner) if isinstance(inner, dict) else {}
        _assign(settings[first], rest, value)
    else:
        settings[first] = value


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
