"""What an estimator is told, checked: every problem at once, as a ``ValueError`` as scikit-learn wants it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from chainrule.components import ACTIVATIONS, LOSSES, OPTIMIZERS
from chainrule.errors import DataError, SettingsError
from chainrule.settings.choice import Choice
from chainrule.settings.settings import LARGEST_RATE, OptimizerValue, Settings, StoppingRule
from chainrule.settings.strict import Strict, explain, shown
from chainrule.train.stopping import split_of

_LOWEST = 0.01
"""Of the learning rate, where a schedule begins or ends low."""

_WARM_UP = 0.1
"""Of all steps, in which a rate goes up that then follows half a wave."""


_SHARE_OF_RATE = {"momentum": 0.1, "nesterov": 0.1, "adam": 1 / 30, "adamw": 1 / 30}
"""Of the usual rate, that of optimizers whose steps are longer."""

_USUAL_BATCH = 32

_AS_THEY_ARE = (
    "hidden", "activation", "epochs", "optimizer", "dropout", "label_smoothing", "clip", "ema",
)  # fmt: skip
"""Parameters that are settings of a net."""

_L2_OF_ROWS, _L2_OF_NUMBERS, _LARGEST_L2 = 3.0, 1.0, 0.01
"""The usual l2 times the rows, as if weights were normal beforehand; that of numbers without batch norm; what it is of
few rows."""

_SPREAD = 8.0
"""The most that the usual l2 of one member may be above or below that of the first."""

TENTH = 0.1
"""Of the rows, to validate on where members stop early and nobody says which."""

_MANY_ROWS = 1000
"""Of which a tenth is worth more to say when to stop than to train on."""


class ParameterError(SettingsError, ValueError):
    """Parameters that are impossible, one line each."""


class RowsError(DataError, ValueError):
    """Rows that nothing can be learned from, or predicted of, one line each."""


class FitNotice(UserWarning):
    """Something to know of what was trained all the same."""


def _class_weight(value: Any) -> Any:
    if value is None or (isinstance(value, str) and value == "balanced"):
        return value
    weights = list(value.values()) if isinstance(value, Mapping) else ["none"]
    if all(isinstance(one, int | float | np.number) and 0 <= one < np.inf for one in weights):
        return value
    raise ValueError("write 'balanced', a dictionary of labels with their weights, 0 or more each, or None")


def _early_stopping(value: Any) -> Any:
    if isinstance(value, Mapping):
        try:
            return StoppingRule.model_validate(value)
        except ValidationError as error:
            raise ValueError("; ".join(explain(error, StoppingRule))) from None
    if isinstance(value, bool | StoppingRule) or value == "auto" or (isinstance(value, int) and value >= 1):
        return value
    raise ValueError(
        "write 'auto', True, False, or a number of epochs, 1 or more; or {'metric': 'roc_auc', 'patience': 10}"
    )


def _callbacks(value: Any) -> Any:
    listed = [] if value is None else list(value) if isinstance(value, list | tuple) else [value]
    if not all(map(callable, listed)):
        raise ValueError(
            "give what can be called with the population after every epoch, one or a list of them"
        )
    return listed


class MLPParameters(Strict):
    """The parameters of :class:`chainrule.estimators.classifier.MLPClassifier`, where they are described.

    Attributes:
        watched: what ``early_stopping`` goes by, as it says.
    """

    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=100_000)], ...], Field(strict=False)]
    activation: Annotated[str, Choice(ACTIVATIONS)]
    batch_norm: bool | None
    l2: Annotated[float, Field(ge=0, le=LARGEST_RATE)] | None
    optimizer: OptimizerValue
    learning_rate: Annotated[float, Field(gt=0, le=LARGEST_RATE)] | None
    schedule: Literal["constant", "decay", "cycle", "cosine"]
    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] | None
    epochs: Annotated[int, Field(ge=1, le=1_000_000)]
    members: Annotated[int, Field(ge=1, le=100_000)]
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] | None
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    clip: Annotated[float, Field(ge=0, le=LARGEST_RATE)] = 0.0
    ema: Annotated[float, Field(ge=0, lt=1)] = 0.0
    early_stopping: Annotated[
        Literal["auto"] | bool | int | StoppingRule, BeforeValidator(_early_stopping)
    ] = "auto"
    watched: str = "val_loss"
    callbacks: Annotated[list[Any], BeforeValidator(_callbacks)] = Field(default_factory=list)
    warm_start: bool = False
    class_weight: Annotated[Any, BeforeValidator(_class_weight)] = None

    @model_validator(mode="after")
    def _possible(self) -> MLPParameters:
        problems = []
        if self.batch_norm and not self.hidden:
            problems.append(
                "batch_norm = True: there is no hidden layer to normalise; leave it out, or give hidden"
            )
        if self.dropout and not self.hidden:
            problems.append(
                f"dropout = {self.dropout:g}: there is no hidden layer to leave units out of; leave it out, or give "
                "hidden"
            )
        rule = self.early_stopping
        waiting, written = (
            (rule.patience, rule.model_dump()) if isinstance(rule, StoppingRule) else (rule, rule)
        )
        if not isinstance(waiting, bool | str) and waiting >= self.epochs:
            problems.append(
                f"early_stopping = {shown(written)}: never stops in epochs = {self.epochs}; give fewer, or False"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def normalises(self) -> bool:
        """Whether there is batch norm."""
        return bool(self.hidden) if self.batch_norm is None else self.batch_norm

    def normalised(self, columns: int, *, numbers: bool) -> MLPParameters:
        """These, with ``batch_norm`` said: where nobody says, classes have it, and numbers where there are at least as
        many columns as units of the first hidden layer.

        Raises:
            ParameterError: there is batch norm of a minibatch of one row.

        >>> given = MLPParameters.model_construct(hidden=(100,), batch_norm=None, batch_size=50)
        >>> [given.normalised(columns, numbers=True).batch_norm for columns in (99, 100)]
        [False, True]
        """
        wanted = self.normalises
        if self.batch_norm is None and self.hidden and numbers:
            wanted = columns >= self.hidden[0]
        if wanted and self.batch_size == 1:
            raise ParameterError(
                "batch_size = 1: batch norm needs 2 rows or more; choose more, or batch_norm = False"
            )
        return self.model_copy(update={"batch_norm": wanted})

    def stopping(self, rows: int, *, have_rows: bool = False, drawable: bool = True) -> MLPParameters:
        """These, with ``early_stopping`` as a number of epochs, 0 for never, and what is ``watched`` told; and rows to
        validate on where members need some to stop early.

        Args:
            rows: that have a say, whose weight is above 0.
            have_rows: whether there are some to validate on already.
            drawable: whether :data:`TENTH` of the rows can be drawn; where not, ``auto`` is never.

        >>> given = MLPParameters.model_construct(epochs=60, early_stopping="auto", validation_fraction=None)
        >>> [(some.early_stopping, some.validation_fraction) for some in map(given.stopping, (999, 1000))]
        [(0, None), (20, 0.1)]
        """
        rule = self.early_stopping if isinstance(self.early_stopping, StoppingRule) else None
        watched = rule.metric if rule else self.watched
        to_draw = not have_rows and self.validation_fraction is None and split_of(watched) == "val"
        are_enough = rows >= _MANY_ROWS and (drawable or not to_draw)
        asked: Any = rule.patience if rule else self.early_stopping
        wanted = are_enough if asked == "auto" else asked
        patience = max(1, self.epochs // 3) if wanted is True else int(wanted)
        share = TENTH if patience and to_draw else self.validation_fraction
        return self.model_copy(
            update={"early_stopping": patience, "watched": watched, "validation_fraction": share}
        )

    def workable_batch(self, rows: int) -> int:
        """The size of a minibatch of so many rows: the nearest to what is asked for that leaves no row alone where
        batch norm would have nothing to compare it with.

        >>> given = MLPParameters.model_construct(hidden=(5,), batch_norm=True, batch_size=10)
        >>> given.workable_batch(1000), given.workable_batch(7), given.workable_batch(101)
        (10, 7, 11)
        """
        size = min(self.batch_size or _USUAL_BATCH, rows)
        if not self.normalises:
            return size
        near = (other for step in range(rows) for other in (size + step, size - step) if 2 <= other <= rows)
        return next((other for other in near if rows % other != 1), size)

    def _usual_rate(self, loss: str) -> float:
        largest = 0.1 if LOSSES[loss].numbers else 0.3
        return largest * _SHARE_OF_RATE.get(OPTIMIZERS.of(self.optimizer).name, 1.0)

    def settings(self, rows: int, loss: str, counting: int | None = None) -> Settings:
        """How one net is trained on so many rows with that loss; ``counting`` of them weigh more than 0, None: all."""
        size = self.workable_batch(rows)
        l2_of_rows = _L2_OF_NUMBERS if LOSSES[loss].numbers and not self.normalises else _L2_OF_ROWS
        steps = -(-rows // size) * self.epochs
        rate: Any = self.learning_rate or self._usual_rate(loss)
        if self.schedule == "decay" and self.epochs > 1:
            rate = {"start": rate, "decay_per_epoch": _LOWEST ** (1 / (self.epochs - 1))}
        elif self.schedule == "cycle" and steps > 1:
            rate = {"min": _LOWEST * rate, "max": rate, "half_cycle": steps // 2}
        elif self.schedule == "cosine":
            rate = {"peak": rate, "warm_up": _WARM_UP}
        named = {name: getattr(self, name) for name in _AS_THEY_ARE}
        if not self.hidden:
            named.pop("activation")
        return Settings(
            train="train",
            val="val",
            test="test",
            preprocess="standardize",
            init="glorot" if self.hidden and not self.normalises else "he",
            loss=loss,
            l2=min(_LARGEST_L2, l2_of_rows / (counting or rows)) if self.l2 is None else self.l2,
            batch_norm=self.normalises,
            batch_size=size,
            shuffle=True,
            learning_rate=rate,
            **named,
        )

    def of_member(self, settings: Settings, number: int) -> Settings:
        """Those of a member of ``settings``: where nobody says l2, each that learns classes has another, from an eighth
        of the usual one to eight times as much, as nobody knows which is right. That of a member is the same whatever
        their number.

        >>> usual = Settings.model_construct(loss="cross_entropy", l2=0.004)
        >>> given = MLPParameters.model_construct(l2=None)
        >>> [round(given.of_member(usual, number).l2, 4) for number in range(5)]
        [0.004, 0.0005, 0.0113, 0.0014, 0.0067]
        """
        if self.l2 is not None or LOSSES[settings.loss].numbers:
            return settings
        digits = f"{number:b}"
        # The digits turned around fill the range evenly, however many there are: 0, 1/2, 1/4, 3/4, 1/8 ...
        share = (int(digits[::-1], 2) / 2 ** len(digits) + 0.5) % 1
        l2 = min(4 * _LARGEST_L2, settings.l2 * _SPREAD ** (2 * share - 1))
        return settings.model_copy(update={"l2": l2})


def read(parameters: Mapping[str, Any]) -> MLPParameters:
    """The parameters, checked.

    Raises:
        ParameterError: with every problem found, one line each.

    >>> usual = {"hidden": (10,), "activation": "relu", "batch_norm": None, "l2": 0.0, "optimizer": "sgd"}
    >>> usual |= {"learning_rate": 0.1, "schedule": "cycle", "batch_size": 10, "epochs": 5, "members": 1}
    >>> usual |= {"validation_fraction": None}
    >>> try:
    ...     read(usual | {"epochs": 0, "schedule": "cylce"})
    ... except ParameterError as error:
    ...     print(error)
    schedule = 'cylce': did you mean 'cycle'?
    epochs = 0: should be greater than or equal to 1
    """
    plain = {name: _plain(value) for name, value in parameters.items()}
    if isinstance(plain.get("hidden"), int):
        plain["hidden"] = (plain["hidden"],)
    try:
        return MLPParameters.model_validate(plain)
    except ValidationError as error:
        raise ParameterError(*explain(error, MLPParameters)) from None


def _plain(value: Any) -> Any:
    """Python's own number or list in the place of NumPy's, which a grid of parameters is often made of."""
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value


@contextlib.contextmanager
def told_as_value_errors() -> Iterator[None]:
    """Raise what is wrong with rows as scikit-learn's callers expect it."""
    try:
        yield
    except DataError as error:
        raise RowsError(*error.problems) from None
