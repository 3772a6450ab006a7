"""Settings: strict, frozen, read from TOML, with every problem reported at once.

``Settings`` says how one net is trained; an ``Experiment`` is a table of them, with the published values and
claims when it stands for a report (a recipe) and without when it is somebody's own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from chainrule.errors import SettingsError, suggestion

Loss = Literal["cross_entropy", "hinge"]
Preprocess = Literal["scale_to_unit", "center", "standardize"]
Accuracy = Literal["train_accuracy", "val_accuracy", "test_accuracy"]
Curve = Literal[
    "train_loss",
    "train_cost",
    "train_accuracy",
    "val_loss",
    "val_cost",
    "val_accuracy",
]
Quantity = Literal[Curve, "test_accuracy", "loss_gap", "accuracy_gap"]


class Strict(BaseModel):
    """A frozen record that takes known keys of the right type only."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Normal(Strict):
    """Weights drawn from a normal distribution of mean 0 and deviation ``normal``."""

    normal: Annotated[float, Field(gt=0)]


class Decay(Strict):
    """A learning rate of ``start`` that is multiplied by ``decay_per_epoch`` from the second epoch on."""

    start: Annotated[float, Field(gt=0)]
    decay_per_epoch: Annotated[float, Field(gt=0, lt=1)]


def _init(value: Any) -> Any:
    if isinstance(value, Normal) or value in ("xavier", "he"):
        return value
    if isinstance(value, Mapping):
        return Normal.model_validate(value)
    raise ValueError('write "xavier", "he" or { normal = 0.01 }')


def _learning_rate(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Decay.model_validate(value)
    if isinstance(value, Decay):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("write a number or { start = 0.02, decay_per_epoch = 0.9 }")
    if not value > 0:
        raise ValueError("a learning rate is greater than 0")
    return float(value)


def _share(value: Any) -> Any:
    if isinstance(value, list | tuple):
        if not value or not all(isinstance(name, str) and name for name in value):
            raise ValueError("a list of images' batches holds one name at least, each in quotes")
        if len(set(value)) < len(value):
            raise ValueError("each batch is named once")
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ValueError("write a batch's name, a list of names or a number of images")
    if isinstance(value, int) and value < 1:
        raise ValueError("a number of images is 1 or more")
    return value


Init = Annotated[Literal["xavier", "he"] | Normal, BeforeValidator(_init)]
LearningRate = Annotated[float | Decay, BeforeValidator(_learning_rate)]
Share = Annotated[str | int | tuple[str, ...], BeforeValidator(_share)]
"""Which images: an official batch, several of them, or a number (train: the first; val: the last)."""


class Settings(Strict):
    """How one net is trained.

    Attributes:
        train, val, test: which images; see :data:`Share`. Counts are taken from the training images.
        preprocess: ``scale_to_unit`` divides by the largest possible value; ``center`` scales, then subtracts
            the mean training image; ``standardize`` subtracts each input's training mean and divides by its
            training deviation.
        hidden: widths of the hidden layers, each followed by ReLU; empty for one layer.
        loss: ``cross_entropy`` (softmax) or ``hinge`` (multi-class).
        init: ``{normal = sigma}``, ``xavier`` (deviation 1/sqrt(inputs)) or ``he`` (sqrt(2/inputs)).
        batch_size: images a minibatch; the last of an epoch may be smaller.
        epochs: passes over the training images.
        shuffle: a new order every epoch, or the images' own.
        learning_rate: a number, or ``{start, decay_per_epoch}``.
        l2: penalty l2 * |W|^2 on the weights (PyTorch's weight_decay = 2 * l2).
    """

    train: Share
    val: Share
    test: Share
    preprocess: Preprocess
    hidden: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)] = ()
    loss: Loss = "cross_entropy"
    init: Init
    batch_size: Annotated[int, Field(ge=1)]
    epochs: Annotated[int, Field(ge=1)]
    shuffle: bool
    learning_rate: LearningRate
    l2: Annotated[float, Field(ge=0)] = 0.0


def _published(value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError('write the number as printed, in quotes: "0.370"') from error
    if not number.is_finite():
        raise ValueError("a published value is finite")
    return value


Published = Annotated[str, AfterValidator(_published)]
"""A number as its report prints it, in quotes: the last digit printed is known."""


class Trend(Strict):
    """A claim on the course of one quantity, which holds when it holds for every row named and every seed."""

    text: str
    predicate: Literal["rises_at_times", "falls", "rises"]
    quantity: Curve
    rows: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    from_epoch: Annotated[int, Field(ge=0)] = 1


class Comparison(Strict):
    """A claim that after the last epoch one row's mean over seeds lies below another's."""

    text: str
    predicate: Literal["lower"]
    quantity: Quantity
    row: str
    than: str


Claim = Annotated[Trend | Comparison, Field(discriminator="predicate")]


class Row(Strict):
    """One line of a table: what it sets beyond the experiment's own settings, and what was published."""

    name: str
    set: dict[str, Any] = {}
    published: dict[Accuracy, Published] = {}
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()


class PublishedMeans(Strict):
    """Mean of all preprocessed inputs of each split, as published."""

    train: Published
    val: Published
    test: Published


class Experiment(Strict):
    """A table of settings to train, with what was published and claimed about them."""

    title: str
    source: str = ""
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()
    settings: dict[str, Any]
    rows: Annotated[tuple[Row, ...], Field(strict=False)] = ()
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    published_means: PublishedMeans | None = None

    @model_validator(mode="after")
    def _names(self) -> Experiment:
        names = [row.name for row in self.table]
        problems = [f"rows: the name '{name}' is given twice" for name in sorted({n for n in names if names.count(n) > 1})]
        for claim in self.claims:
            wanted = claim.rows if isinstance(claim, Trend) else (claim.row, claim.than)
            problems += [
                f"claims: '{claim.text}' names the row '{name}': {suggestion(name, names)}"
                for name in wanted
                if name not in names
            ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def table(self) -> tuple[Row, ...]:
        """The rows; an experiment without any is one row with nothing set."""
        return self.rows or (Row(name="all"),)

    def resolved(self) -> dict[str, Settings]:
        """Every row's whole settings, by the row's name.

        Raises:
            SettingsError: with every problem of every row.
        """
        resolved, problems = {}, []
        for row in self.table:
            try:
                resolved[row.name] = Settings.model_validate({**self.settings, **row.set})
            except ValidationError as error:
                place = "" if len(self.table) == 1 else f"row '{row.name}', "
                problems += [place + line for line in _lines(error, Settings)]
        if problems:
            raise SettingsError(*_once(problems, len(self.table)))
        return resolved


def _once(problems: list[str], rows: int) -> list[str]:
    """Say a problem that every row has once, without the row's name."""
    bare = [line.partition(", ")[2] if line.startswith("row '") else line for line in problems]
    common = {line for line in bare if rows > 1 and bare.count(line) == rows}
    own = [line for line, short in zip(problems, bare, strict=True) if short not in common]
    return [line for line in dict.fromkeys(bare) if line in common] + own


def _lines(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One line a problem: where, the value, what is wrong, how to mend it."""
    lines = []
    for problem in error.errors():
        steps = [str(step) for step in problem["loc"] if step not in get_args(Literal[*_TAGS])]
        where = ".".join(steps) or "file"
        if problem["type"] == "missing":
            lines.append(f"{where}: missing, and it has no default")
        elif problem["type"] == "extra_forbidden":
            lines.append(f"{where}: unknown key; {suggestion(steps[-1], _keys(model, steps[:-1]))}")
        elif problem["type"] == "value_error":
            cause = problem.get("ctx", {}).get("error")
            message = str(cause) if cause is not None else problem["msg"]
            lines += message.split("\n") if where == "file" else [f"{where} = {problem['input']!r}: {message}"]
        else:
            lines.append(f"{where} = {problem['input']!r}: {_plain(problem['msg'])}")
    return lines


_TAGS = ("rises_at_times", "falls", "rises", "lower", "float", "tuple", "str", "int")


def _plain(message: str) -> str:
    return message.removeprefix("Input should be ").removeprefix("Value error, ").strip() and message.replace(
        "Input should", "should"
    )


def _keys(model: type[BaseModel], steps: Sequence[str]) -> list[str]:
    """The keys known at ``steps`` below ``model``, for a suggestion."""
    nested: dict[str, type[BaseModel]] = {
        "rows": Row,
        "published_means": PublishedMeans,
        "learning_rate": Decay,
        "init": Normal,
    }
    here: type[BaseModel] = model
    for step in steps:
        if step == "claims":
            return sorted({*Trend.model_fields, *Comparison.model_fields})
        here = nested.get(step, here)
    return list(here.model_fields)


def parse_experiment(text: str, where: str, overrides: Sequence[str] = ()) -> Experiment:
    """Read an experiment from TOML.

    Args:
        text: the TOML document.
        where: what to call it in messages.
        overrides: ``key=value`` pairs that replace settings common to all rows, each value as in TOML.

    Raises:
        SettingsError: with every problem found, one line each, ``where`` in front.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: not TOML: {error}") from error
    problems: list[str] = []
    try:
        experiment = Experiment.model_validate(document)
        experiment = _overridden(experiment, overrides)
        experiment.resolved()
    except ValidationError as error:
        problems = _lines(error, Experiment)
    except SettingsError as error:
        problems = list(error.problems)
    if problems:
        raise SettingsError(*(f"{where}: {line}" for line in problems))
    return experiment


def read_experiment(path: Path, overrides: Sequence[str] = ()) -> Experiment:
    """Read an experiment from a TOML file (see :func:`parse_experiment`)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingsError(f"{path}: cannot be read: {reason}; give a TOML file") from error
    return parse_experiment(text, str(path), overrides)


def _overridden(experiment: Experiment, overrides: Sequence[str]) -> Experiment:
    settings, problems = dict(experiment.settings), []
    for override in overrides:
        key, equals, value = override.partition("=")
        key = key.strip()
        rows = [row.name for row in experiment.table if key.partition(".")[0] in row.set]
        if not equals or not key:
            problems.append(f"--set {override}: write key=value, such as --set epochs=5")
        elif rows:
            problems.append(f"--set {override}: the rows set {key} themselves: {', '.join(rows)}; edit the file")
        else:
            _assign(settings, key, _value(value.strip()))
    if problems:
        raise SettingsError(*problems)
    return experiment.model_copy(update={"settings": settings})


def _assign(settings: dict[str, Any], key: str, value: Any) -> None:
    first, _, rest = key.partition(".")
    if not rest:
        settings[first] = value
        return
    inner = settings.get(first)
    settings[first] = {**inner} if isinstance(inner, dict) else {}
    _assign(settings[first], rest, value)


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
