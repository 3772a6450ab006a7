"""A regressor in scikit-learn's conventions: an ensemble of nets that are trained as one population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.labels import measurements, told
from chainrule.data.transforms import sums
from chainrule.data.values import weights
from chainrule.errors import TRAINING, DataError, needs
from chainrule.estimators.living import Callback
from chainrule.estimators.parameters import told_as_value_errors
from chainrule.estimators.rows import in_memory
from chainrule.estimators.streaming import StreamingEstimator, require_rows

with needs(*TRAINING):
    from sklearn.base import RegressorMixin


class MLPRegressor(RegressorMixin, StreamingEstimator):  # type: ignore[misc]
    """Fully connected nets with squared error, trained by minibatch gradient descent on standardised columns and
    standardised numbers.

    Args:
        hidden, activation, optimizer, schedule, batch_size, epochs, dropout, clip, ema, random_state:
            those of :class:`chainrule.MLPClassifier`.
        batch_norm: in front of every activation; None: where there are at least as many columns as units of the first
            hidden layer. Without it initial weights are Glorot's, else He's.
        l2: adds l2 * |W|^2 to the cost; None: 1 / N of N rows, with batch norm 3 / N, 0.01 at most.
        learning_rate: the largest rate; None: 0.1 of ``sgd``, a tenth of that with a velocity, a thirtieth of Adam.
        members: so many nets, which differ in their initial weights, are trained together, and what they say is
            averaged. Member m is the same whatever their number.
        validation_fraction: the share of the rows that is not trained on: ``history_`` says how members do there. None:
            all rows are trained on, unless ``early_stopping`` needs some.
        early_stopping, callbacks, warm_start: those of :class:`chainrule.MLPClassifier`.

    Attributes:
        history_: ``epoch`` (E,), and (E, P) of every epoch and member: ``train_loss``, ``train_cost``, and ``val_loss``
            and ``val_cost`` where there are rows to validate on: squared errors of standardised numbers, so that 1 is
            what the mean alone comes to. NaN after a member diverged.
        net_: what predicts, a :class:`chainrule.nets.net.CompleteNet`.
        n_features_in_, feature_names_in_: how many columns there were; their names, where they had some.

    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> regressor = MLPRegressor(members=4, random_state=0).fit(X, 1000 + 10 * X[:, 0] * X[:, 1])
    >>> regressor.predict([[1.0, 1.0], [1.0, -1.0]]).round(-1).tolist()
    [1010.0, 990.0]
    """

    def __init__(
        self,
        hidden: Sequence[int] | int = (100,),
        *,
        activation: str = "relu",
        batch_norm: bool | None = None,
        l2: float | None = None,
        optimizer: str | Mapping[str, float] = "sgd",
        learning_rate: float | None = None,
        schedule: str = "cycle",
        batch_size: int | None = None,
        epochs: int = 60,
        members: int = 1,
        validation_fraction: float | None = None,
        dropout: float = 0.0,
        clip: float = 0.0,
        ema: float = 0.0,
        early_stopping: str | bool | int | Mapping[str, Any] = "auto",
        callbacks: Sequence[Callback] | None = None,
        warm_start: bool = False,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        super().__init__(
            hidden,
            activation=activation,
            batch_norm=batch_norm,
            l2=l2,
            optimizer=optimizer,
            learning_rate=learning_rate,
            schedule=schedule,
            batch_size=batch_size,
            epochs=epochs,
            members=members,
            validation_fraction=validation_fraction,
            dropout=dropout,
            clip=clip,
            ema=ema,
            early_stopping=early_stopping,
            callbacks=callbacks,
            warm_start=warm_start,
            random_state=random_state,
        )

    def fit(self, X: Any, y: Any, sample_weight: Any = None, eval_set: Any = None) -> MLPRegressor:
        """Train on rows X (N, D), an array of numbers or a data frame, and a number for each, y (N,).

        ``sample_weight``, (N,), ``eval_set``, and a frame's texts and gaps count as in
        :meth:`chainrule.MLPClassifier.fit`.

        Raises:
            ParameterError: parameters that are impossible, all of them at once.
            RowsError: a value is missing, infinite or no number (which), or weights are below 0.
            ValueError: what else scikit-learn refuses.
        """
        given = self._parameters()
        y = in_memory(y)
        _require_finite(y)
        X, y, encoding = self._given(X, y, y_numeric=True)
        with told_as_value_errors():
            numbers = measurements(y)
            counted = weights(sample_weight, len(numbers), "sample_weight")
            if len(numbers) < 2:
                raise DataError("X: has 1 sample; give two rows or more")
        mean, deviation = _said(numbers, counted)
        with told_as_value_errors():
            val = self._to_validate(given, eval_set, encoding)
            if val is not None:
                val = val[0], (measurements(val[1], "eval_set y") - mean) / deviation
        return self._train(
            given, X, (numbers - mean) / deviation, counted, None, encoding, val, said=(mean, deviation)
        )

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPRegressor:
        """Train on once through a part of the rows, X (N, D) and y (N,), from where the part before ended; see
        :meth:`chainrule.MLPClassifier.partial_fit`. The first part says how numbers are standardised, too.

        Raises:
            ParameterError: parameters that need all rows at once.
            RowsError: a value is missing, infinite or no number (which), or weights are below 0.
            ValueError: what else scikit-learn refuses.
        """
        given = self._for_parts()
        y = in_memory(y)
        _require_finite(y)
        X, y, encoding = (self._given if self._is_first() else self._given_part)(X, y, y_numeric=True)
        with told_as_value_errors():
            numbers = measurements(y)
            require_rows(X, numbers)
            counted = weights(sample_weight, len(numbers), "sample_weight")
        return self._further(given, X, numbers, counted, None, encoding, _said(numbers, counted))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R^2 of X (N, D) and y (N,)."""
        return float(super().score(X, in_memory(y), sample_weight))


def _require_finite(y: Any) -> None:
    """Refuse a number that is none, by its row."""
    numbers = np.asarray(y)
    if numbers.ndim == 1 and numbers.dtype.kind == "f":
        with told_as_value_errors():
            told(numbers)


def _said(numbers: NDArray[np.float64], weights: NDArray[np.float64] | None) -> tuple[float, float]:
    """The mean and the deviation of measurements, (N,); 1 where they are all the same."""
    means, variances = sums.moments(numbers[:, np.newaxis], weights)
    return float(means[0]), float(np.sqrt(variances[0])) or 1.0
