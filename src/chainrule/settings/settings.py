"""How one net is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from chainrule.settings.strict import Strict

LossName = Literal["cross_entropy", "hinge"]
Preprocess = Literal["scale_to_unit", "center", "standardize", "standardize_all"]


RUNNING_SHARE = 0.9
"""Of its old running values that batch norm keeps where settings say nothing else."""

LARGEST_RATE = 1e30
"""Of a learning rate and of l2: far beyond what trains, and still finite in float32."""


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


ADDED: tuple[str, ...] = ("running_share",)
"""Settings that came after version 0.1.0. Records name them only where they are not at their default, so that a net of
that version keeps its id, and its folder goes on."""


class Settings(Strict):
    """How one net is trained.

    Attributes:
        train: which images to train on; a number takes the first so many training images.
        val: which images to validate on; a number takes the last so many training images.
        test: which images to test on.
        preprocess: ``scale_to_unit`` divides by the largest possible value; ``center`` scales, then subtracts
            the mean training image; ``standardize`` subtracts each input's training mean and divides by its
            training deviation; ``standardize_all`` does the same with one mean and one deviation of all inputs.
        hidden: widths of the hidden layers, each followed by ReLU; none for one layer.
        batch_norm: in front of every ReLU, with the running values of :mod:`chainrule.nn.batchnorm`.
        running_share: of the old running value that an update keeps (PyTorch's momentum is 1 minus it).
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
    running_share: Annotated[float, Field(ge=0, lt=1)] = RUNNING_SHARE
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
        if not self.batch_norm and self.running_share != RUNNING_SHARE:
            problems.append(
                f"running_share = {self.running_share:g}: there are no running values without batch norm; drop it"
            )
        if self.batch_norm and self.batch_size == 1:
            problems.append("batch_size = 1: batch norm needs 2 samples or more; choose more")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @model_serializer(mode="wrap")
    def _plain(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        defaults = {name: type(self).model_fields[name].default for name in ADDED}
        usual = {name for name, default in defaults.items() if getattr(self, name) == default}
        return {name: value for name, value in plain(self).items() if name not in usual}
