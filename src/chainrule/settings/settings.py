"""How one net is trained."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from chainrule.components import ACTIVATIONS, INITS, LOSSES, OPTIMIZERS, REGISTRIES, SCHEDULES, TRANSFORMS
from chainrule.components.registry import Registry
from chainrule.errors import TRAINING, needs, suggestion
from chainrule.settings.choice import Choice
from chainrule.settings.strict import Strict

RUNNING_SHARE = 0.9
"""Of its old running values that batch norm keeps where settings say nothing else."""

LARGEST_RATE = 1e30
"""Of a learning rate and of l2: far beyond what trains, and still finite in float32."""


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


_CURVES = ("train_loss", "train_cost", "train_accuracy", "val_loss", "val_cost", "val_accuracy")


def _metric(name: str) -> str:
    if name not in _CURVES:
        with needs(*TRAINING):
            from sklearn.metrics import get_scorer_names
        known = [*_CURVES, *get_scorer_names()]
        if name not in known:
            raise ValueError(suggestion(name, known))
    return name


InitValue = Annotated[str | Strict, Choice(INITS)]
OptimizerValue = Annotated[str | Strict, Choice(OPTIMIZERS)]
LearningRate = Annotated[float | str | Strict, Choice(SCHEDULES)]
Share = Annotated[str | int | tuple[str, ...], BeforeValidator(_share)]
"""Which images: an official batch, several of them, or a number of training images."""


class Augment(Strict):
    """What is done to images before training sees them, by :mod:`chainrule.data.augmentation`.

    Attributes:
        flip: left and right are exchanged, of a half of them.
        shift: by so many pixels at most they are shifted, in each direction.
    """

    flip: bool = False
    shift: Annotated[int, Field(ge=0, le=1000)] = 0

    @model_validator(mode="after")
    def _something(self) -> Augment:
        if not self.flip and not self.shift:
            raise ValueError("does nothing; write { flip = true, shift = 2 }, or drop it")
        return self


class StoppingRule(Strict):
    """When a net stops learning, by :mod:`chainrule.train.stopping`.

    Attributes:
        metric: what is watched: one of the curves of a history, of which losses and costs are better where they are
            smaller; or one of scikit-learn's scorers, on the images to validate on.
        patience: after so many epochs without a better value the net stops.
    """

    metric: Annotated[str, AfterValidator(_metric)] = "val_loss"
    patience: Annotated[int, Field(ge=1, le=1_000_000)]


class Settings(Strict):
    """How one net is trained.

    Attributes:
        train: which images to train on; a number takes the first so many training images.
        val: which images to validate on; a number takes the last so many training images.
        test: which images to test on.
        preprocess: a transform, of :mod:`chainrule.data.transforms`.
        hidden: widths of the hidden layers, each followed by the activation; none for one layer.
        activation: of the hidden layers, of :mod:`chainrule.nn.activations`.
        batch_norm: in front of every activation, with the running values of :mod:`chainrule.nn.batchnorm`.
        running_share: of the old running value that an update keeps (PyTorch's momentum is 1 minus it).
        loss: of :mod:`chainrule.nn.losses`.
        init: of :mod:`chainrule.nn.inits`; a name, or a table such as ``{normal = sigma, bias = sigma_b}``.
        batch_size: images a minibatch; the last of an epoch may be smaller.
        epochs: passes over the training images.
        shuffle: a new order every epoch, or always the images' own.
        order: whose that order is: each seed's ``own``, or one ``shared`` by all seeds, whose nets then train
            together; how results spread over seeds holds no chance of the order then.
        optimizer: of :mod:`chainrule.train.optimizers`; a name, or a table such as ``{momentum = 0.9}``.
        learning_rate: a schedule, of :mod:`chainrule.train.schedules`; a number, or a table such as
            ``{start, decay_per_epoch}``.
        evaluate: ``curves``: training and validation split at the start and after every epoch, the test split
            at the end; ``validation``: the validation split alone, once, at the end, as searches do.
        l2: adds l2 * |W|^2 to the cost (PyTorch's weight_decay = 2 * l2; scikit-learn's alpha = 2 * l2 * N).
        label_smoothing: the share of each label that is spread over all classes, by :mod:`chainrule.nn.smoothing`.
        clip: how long the gradient of all parameters together may be, by :mod:`chainrule.train.clipping`.
        ema: what the weights of one update back count in the mean of weights that is evaluated and kept, by
            :mod:`chainrule.train.averaging`.
        dropout: the share of hidden units that each update leaves out, by :mod:`chainrule.nn.dropout`.
        augment: what is done to images before training sees them; None: nothing.
        early_stopping: when the net stops; its results are those of the epoch with the best value. None: at the end.

    >>> own = Settings(
    ...     train=1000, val=200, test="test_batch", preprocess="center", init="he",
    ...     batch_size=10, epochs=5, shuffle=True, learning_rate=0.1,
    ... )
    >>> own.hidden, own.loss, own.l2
    ((), 'cross_entropy', 0.0)
    """

    ADDED: ClassVar[tuple[str, ...]] = (
        "activation", "optimizer", "running_share", "order", "label_smoothing", "clip", "ema", "dropout",
        "augment", "early_stopping",
    )  # fmt: skip

    train: Share
    val: Share
    test: Share
    preprocess: Annotated[str, Choice(TRANSFORMS)]
    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=100_000)], ...], Field(strict=False)] = ()
    activation: Annotated[str, Choice(ACTIVATIONS)] = "relu"
    batch_norm: bool = False
    running_share: Annotated[float, Field(ge=0, lt=1)] = RUNNING_SHARE
    loss: Annotated[str, Choice(LOSSES)] = "cross_entropy"
    init: InitValue
    batch_size: Annotated[int, Field(ge=1)]
    epochs: Annotated[int, Field(ge=1, le=1_000_000)]
    shuffle: bool
    order: Literal["own", "shared"] = "own"
    optimizer: OptimizerValue = "sgd"
    learning_rate: LearningRate
    l2: Annotated[float, Field(ge=0, le=LARGEST_RATE)] = 0.0
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    clip: Annotated[float, Field(ge=0, le=LARGEST_RATE)] = 0.0
    ema: Annotated[float, Field(ge=0, lt=1)] = 0.0
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    augment: Augment | None = None
    early_stopping: StoppingRule | None = None
    evaluate: Literal["curves", "validation"] = "curves"

    @property
    def own_components(self) -> list[str]:
        """Which of its components were registered in this process, so that no other knows them: ``loss 'squared'``."""
        chosen = ((registry, registry.of(getattr(self, name))) for name, registry in CHOICES.items())
        return [
            f"{registry.kind} {component.name!r}"
            for registry, component in chosen
            if registry.is_own(component)
        ]

    @model_validator(mode="after")
    def _possible(self) -> Settings:
        problems = []
        if self.batch_norm and not self.hidden:
            problems.append("batch_norm = true: there is no hidden layer to normalise; add hidden = [50]")
        if self.activation != "relu" and not self.hidden:
            problems.append(
                f"activation = {self.activation!r}: there is no hidden layer that it follows; add hidden = [50]"
            )
        if not self.batch_norm and self.running_share != RUNNING_SHARE:
            problems.append(
                f"running_share = {self.running_share:g}: there are no running values without batch norm; drop it"
            )
        if self.order == "shared" and not self.shuffle:
            problems.append("order = 'shared': without shuffle all seeds see the images' own order; drop it")
        if self.batch_norm and self.batch_size == 1:
            problems.append("batch_size = 1: batch norm needs 2 samples or more; choose more")
        if self.dropout and not self.hidden:
            problems.append(
                f"dropout = {self.dropout:g}: there is no hidden layer to leave units out of; add hidden = [50]"
            )
        watched = self.early_stopping.metric if self.early_stopping else ""
        if watched in _CURVES and watched.endswith("accuracy") and LOSSES[self.loss].numbers:
            problems.append(
                f"early_stopping.metric = {watched!r}: of numbers, as {self.loss} learns them, no answer is right; "
                "watch val_loss"
            )
        if self.label_smoothing and not LOSSES[self.loss].smoothed:
            smoothed = " or ".join(name for name, loss in LOSSES.items() if loss.smoothed)
            problems.append(
                f"label_smoothing = {self.label_smoothing:g}: is of loss {smoothed}, not of {self.loss!r}; drop it"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self


CHOICES: dict[str, Registry[Any]] = {registry.setting: registry for registry in REGISTRIES}
"""Settings that choose a component."""
