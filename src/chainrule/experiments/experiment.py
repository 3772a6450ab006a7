"""An experiment: a table of settings to train, with what was published and claimed about it.

A recipe is an experiment that stands for a report; anybody's own file may leave the published part out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from chainrule.config import Settings, Strict, explain, read_toml
from chainrule.errors import SettingsError, suggestion

Accuracy = Literal["train_accuracy", "val_accuracy", "test_accuracy"]
CurveName = Literal["train_loss", "train_cost", "train_accuracy", "val_loss", "val_cost", "val_accuracy"]
Quantity = Literal["train_accuracy", "val_accuracy", "test_accuracy", "loss_gap", "accuracy_gap"]


def _published(value: str) -> str:
    try:
        finite = Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise ValueError('write the number as printed, in quotes: "0.370"')
    return value


Published = Annotated[str, AfterValidator(_published)]
"""A number as its report prints it, in quotes, so that its last digit is known."""


class Trend(Strict):
    """A claim on the course of curves: it holds when it holds for every row and curve named and every seed.

    Attributes:
        predicate: ``rises_at_times``: some entry lies above the one before; ``falls``, ``rises``: the last
            entry lies below, above the first one counted.
        from_epoch: the first entry counted.
    """

    text: str
    predicate: Literal["rises_at_times", "falls", "rises"]
    curves: Annotated[tuple[CurveName, ...], Field(strict=False, min_length=1)]
    rows: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    from_epoch: Annotated[int, Field(ge=0)] = 1


class Lower(Strict):
    """A claim that with the last weights a row's mean over seeds lies below another row's.

    Attributes:
        quantity: an accuracy; ``loss_gap``: validation minus training loss; ``accuracy_gap``: training minus
            validation accuracy.
    """

    text: str
    predicate: Literal["lower"]
    quantity: Quantity
    row: str
    than: str


Own = tuple[str, dict[str, Any]]
"""A row's name and what it sets."""

Claim = Annotated[Trend | Lower, Field(discriminator="predicate")]


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
        rows: the table's lines; none for a single line with nothing set.
        claims: what the source says about the outcome.
        published_means: see :class:`PublishedMeans`.
    """

    title: str
    source: str = ""
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()
    metrics: Annotated[tuple[Accuracy, ...], Field(strict=False, min_length=1)] = ("test_accuracy",)
    settings: dict[str, Any]
    rows: Annotated[tuple[Row, ...], Field(strict=False)] = ()
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    published_means: PublishedMeans | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        names = [row.name for row in self.table]
        problems = [
            f"rows: the name '{name}' is given twice"
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        for claim in self.claims:
            wanted = claim.rows if isinstance(claim, Trend) else (claim.row, claim.than)
            problems += [
                f"claims: '{claim.text}' names the row '{name}'; {suggestion(name, set(names))}"
                for name in wanted
                if name not in names
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
        """The rows, at least one."""
        return self.rows or (Row(name="all"),)

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
    problems = []
    try:
        Experiment.model_validate(document)
    except ValidationError as error:
        problems = explain(error, Experiment)
    common, rows = document.get("settings"), _own_settings(document)
    return problems + (_resolve(common, rows or [("all", {})])[1] if isinstance(common, dict) else [])


def _own_settings(document: dict[str, Any]) -> list[Own]:
    """What each row sets, of a document that may be damaged."""
    rows = document.get("rows")
    tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [
        (str(row.get("name", number)), row["set"] if isinstance(row.get("set"), dict) else {})
        for number, row in enumerate(tables)
    ]


def _overridden(document: dict[str, Any], overrides: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The document with ``overrides`` in its common settings, and what is wrong with them."""
    common = document.get("settings")
    settings, problems = dict(common) if isinstance(common, dict) else {}, []
    own = _own_settings(document)
    for override in overrides:
        key, equals, value = (part.strip() for part in override.partition("="))
        first = key.partition(".")[0]
        owners = [name for name, row in own if first in row]
        if not equals or not key:
            problems.append(f"--set {override}: is no key=value; write for example --set epochs=5")
        elif owners:
            problems.append(
                f"--set {override}: {first} is set by the rows {', '.join(owners)}; edit the file"
            )
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
