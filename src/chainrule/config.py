"""Settings: strict and frozen, with every problem reported at once in one line each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chainrule.errors import SettingsError, suggestion

LossName = Literal["cross_entropy", "hinge"]
Preprocess = Literal["scale_to_unit", "center", "standardize"]


LARGEST_RATE = 1e30
"""Of a learning rate and of l2: far beyond what trains, and still finite in float32."""


class Strict(BaseModel):
    """A frozen record that takes known keys of the right type only."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Normal(Strict):
    """Weights from a normal distribution of mean 0 and deviation ``normal``, biases of deviation ``bias``."""

    normal: Annotated[float, Field(gt=0, le=1e6)]
    bias: Annotated[float, Field(ge=0, le=1e6)] = 0.0


class Decay(Strict):
    """A learning rate of ``start``, multiplied by ``decay_per_epoch`` from the second epoch on."""

    start: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    decay_per_epoch: Annotated[float, Field(gt=0, lt=1)]


class Cycle(Strict):
    """A triangular cycle: from ``min`` up to ``max`` in ``half_cycle`` steps, down again in as many, and so on."""

    min: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    max: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    half_cycle: Annotated[int, Field(ge=1, le=1_000_000_000)]

    @model_validator(mode="after")
    def _rising(self) -> Cycle:
        if not self.min < self.max:
            raise ValueError(
                f"min = {self.min:g} is not below max = {self.max:g}; swap them or write one number"
            )
        return self


def _init(value: Any) -> Any:
    if isinstance(value, Mapping | Normal):
        return Normal.model_validate(value)
    if isinstance(value, str) and value in ("xavier", "he"):
        return value
    raise ValueError('write "xavier", "he" or { normal = 0.01 }')


def _learning_rate(value: Any) -> Any:
    if isinstance(value, Decay | Cycle):
        return value
    if isinstance(value, Mapping):
        cyclic = Cycle.model_fields.keys() & value.keys()
        return (Cycle if cyclic else Decay).model_validate(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST_RATE:
        forms = "{ start = 0.02, decay_per_epoch = 0.9 } or { min = 1e-5, max = 0.1, half_cycle = 500 }"
        raise ValueError(f"write a number above 0, {forms}")
    return float(value)


def _share(value: Any) -> Any:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(name, str) and name for name in value):
        if len(set(value)) == len(value):
            return tuple(value)
        raise ValueError("a batch is named twice; name each once")
    raise ValueError('write a batch\'s name such as "data_batch_1", a list of names, or a number of images')


Init = Annotated[Literal["xavier", "he"] | Normal, BeforeValidator(_init)]
LearningRate = Annotated[float | Decay | Cycle, BeforeValidator(_learning_rate)]
Share = Annotated[str | int | tuple[str, ...], BeforeValidator(_share)]
"""Which images: an official batch, several of them, or a number of training images."""


class Settings(Strict):
    """How one net is trained.

    Attributes:
        train: which images to train on; a number takes the first so many training images.
        val: which images to validate on; a number takes the last so many training images.
        test: which images to test on.
        preprocess: ``scale_to_unit`` divides by the largest possible value; ``center`` scales, then subtracts
            the mean training image; ``standardize`` subtracts each input's training mean and divides by its
            training deviation.
        hidden: widths of the hidden layers, each followed by ReLU; none for one layer.
        batch_norm: in front of every ReLU, with the running values of :mod:`chainrule.nn.batchnorm`.
        loss: ``cross_entropy`` (softmax) or ``hinge`` (multi-class).
        init: ``{normal = sigma}``, ``xavier`` (deviation 1/sqrt(inputs)) or ``he`` (sqrt(2/inputs)); biases
            start at 0 unless ``{normal = sigma, bias = sigma_b}`` says otherwise.
        batch_size: images a minibatch; the last of an epoch may be smaller.
        epochs: passes over the training images.
        shuffle: a new order every epoch, or always the images' own.
        learning_rate: a number, ``{start, decay_per_epoch}``, or ``{min, max, half_cycle}`` (triangular, in steps).
        evaluate: ``curves``: training and validation split at the start and after every epoch, the test split
            at the end; ``validation``: the validation split alone, once, at the end, as searches do.
        l2: adds l2 * |W|^2 to the cost (PyTorch's weight_decay = 2 * l2; scikit-learn's alpha = 2 * l2 * N).
    """

    train: Share
    val: Share
    test: Share
    preprocess: Preprocess
    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=100_000)], ...], Field(strict=False)] = ()
    batch_norm: bool = False
    loss: LossName = "cross_entropy"
    init: Init
    batch_size: Annotated[int, Field(ge=1)]
    epochs: Annotated[int, Field(ge=1, le=1_000_000)]
    shuffle: bool
    learning_rate: LearningRate
    l2: Annotated[float, Field(ge=0, le=LARGEST_RATE)] = 0.0
    evaluate: Literal["curves", "validation"] = "curves"

    @model_validator(mode="after")
    def _possible(self) -> Settings:
        problems = []
        if self.batch_norm and not self.hidden:
            problems.append("batch_norm = true: there is no hidden layer to normalise; add hidden = [50]")
        if self.batch_norm and self.batch_size == 1:
            problems.append("batch_size = 1: batch norm needs 2 samples or more; choose more")
        if problems:
            raise ValueError("\n".join(problems))
        return self


def read_toml(path: Path) -> dict[str, Any]:
    """The document in ``path``.

    Raises:
        SettingsError: the file cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; give a TOML file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text; give a TOML file") from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits and brackets thousands deep are no TOMLDecodeError.
        raise SettingsError(f"{path}: is not TOML: {error}") from error


def overridden(
    settings: Mapping[str, Any], overrides: Iterable[str], owners: Callable[[str], Iterable[str]]
) -> tuple[dict[str, Any], list[str]]:
    """Settings with ``key=value`` pairs in their places, values as in TOML, and what is wrong with the pairs.

    Args:
        settings: common ones.
        overrides: the pairs; a key such as ``init.normal`` is a part of a setting.
        owners: what sets a setting by itself, where an override would do nothing.
    """
    changed, problems = dict(settings), []
    for override in overrides:
        key, equals, value = (part.strip() for part in override.partition("="))
        first = key.partition(".")[0]
        if not equals or not key:
            problems.append(f"--set {override}: is no key=value; write for example --set epochs=5")
        elif names := list(dict.fromkeys(owners(first))):
            problems.append(f"--set {override}: {first} is set by {', '.join(names)}; edit the file")
        else:
            assign(changed, key, _toml_value(value))
    return changed, problems


def assign(settings: dict[str, Any], key: str, value: Any) -> None:
    """Put a value at a key such as ``l2`` or ``init.normal``; tables on the way are copied."""
    first, _, rest = key.partition(".")
    if rest:
        inner = settings.get(first)
        settings[first] = dict(inner) if isinstance(inner, Mapping) else {}
        assign(settings[first], rest, value)
    else:
        settings[first] = value


def _toml_value(text: str) -> Any:
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return document["value"] if len(document) == 1 else text


def explain(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """What is wrong with the input of ``model``, one line a problem: place, value, problem, repair."""
    problems = error.errors()
    inner = {problem["loc"][:depth] for problem in problems for depth in range(len(problem["loc"]))}
    # Where an item was refused, pydantic also finds the list too short.
    real = [item for item in problems if not (item["type"] == "too_short" and item["loc"] in inner)]
    return [line for problem in real for line in _explain_one(dict(problem), model)]


def _explain_one(problem: dict[str, Any], model: type[BaseModel]) -> Iterable[str]:
    place, value, kind = [str(step) for step in problem["loc"]], problem["input"], problem["type"]
    context = problem.get("ctx", {})
    if kind == "missing":
        return [f"{'.'.join(place)}: is missing and has no default; add it"]
    if kind == "extra_forbidden":
        return [f"{'.'.join(place)}: is no known key; {suggestion(place[-1], _siblings(model, place[:-1]))}"]
    if kind == "value_error" and not place:
        return str(context["error"]).split("\n")
    if kind == "literal_error" and isinstance(value, str):
        return [f"{'.'.join(place)} = {value!r}: {suggestion(value, _names(context['expected']))}"]
    if kind == "union_tag_not_found":
        return [
            f"{'.'.join(place)}.{context['discriminator'].strip(chr(39))}: is missing and has no default; add it"
        ]
    if kind == "union_tag_invalid":
        return [
            f"{'.'.join(place)}.{context['discriminator'].strip(chr(39))} = {context['tag']!r}: "
            f"{suggestion(context['tag'], _names(context['expected_tags']))}"
        ]
    message = (
        str(context["error"]) if kind == "value_error" else problem["msg"].replace("Input should", "should")
    )
    return [f"{'.'.join(place)} = {value!r}: {message}"]


def _names(listed: str) -> list[str]:
    """The names in pydantic's "'a', 'b' or 'c'"."""
    return re.findall(r"'([^']*)'", listed)


def _siblings(model: type[BaseModel], place: Iterable[str]) -> Iterable[str]:
    """The keys that the part of ``model`` at ``place`` takes."""
    models = [model]
    for step in place:
        inner = [field.annotation for here in models if (field := here.model_fields.get(step))]
        # The step may be the tag that tells one model of a union from the others.
        tagged = [
            here
            for here in models
            if any(step in get_args(field.annotation) for field in here.model_fields.values())
        ]
        models = [nested for annotation in inner for nested in _models(annotation)] or tagged or models
    return {key for here in models for key in here.model_fields}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
