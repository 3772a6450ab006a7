"""What both estimators have in common: their parameters, how rows become trained nets, and what is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.centring import CentredEncoding, centred
from chainrule.data.encoding import encoding_of
from chainrule.data.frames import Frame
from chainrule.data.transforms.transform import Transform
from chainrule.data.values import column_keys, column_names, table
from chainrule.errors import TRAINING, needs
from chainrule.estimators import rows
from chainrule.estimators.living import Callback
from chainrule.estimators.parameters import (
    TENTH,
    MLPParameters,
    ParameterError,
    RowsError,
    read,
    told_as_value_errors,
)
from chainrule.estimators.population import trained
from chainrule.estimators.temperature import cooled
from chainrule.nets import file
from chainrule.nets.net import CompleteNet, restored
from chainrule.nets.onnx import to_onnx
from chainrule.nets.pytorch import to_torch

with needs(*TRAINING):
    from sklearn.base import BaseEstimator
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted, validate_data


class MLPEstimator(BaseEstimator):  # type: ignore[misc]
    """Fully connected nets, trained by minibatch gradient descent on standardised columns, which predict together.

    What their parameters mean, :class:`chainrule.MLPClassifier` says.
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
        self.hidden = hidden
        self.activation = activation
        self.batch_norm = batch_norm
        self.l2 = l2
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.batch_size = batch_size
        self.epochs = epochs
        self.members = members
        self.validation_fraction = validation_fraction
        self.dropout = dropout
        self.clip = clip
        self.ema = ema
        self.early_stopping = early_stopping
        self.callbacks = callbacks
        self.warm_start = warm_start
        self.random_state = random_state

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of every row, or its number, (N,)."""
        X = self._rows(X)
        with told_as_value_errors():
            return self.net_.predict(X)

    def save(self, path: str | Path) -> None:
        """Write what predicts to a file, which :func:`chainrule.load` reads.

        Raises:
            StoreError: a component is one of one's own, labels are bytes, or the file cannot be written.
        """
        check_is_fitted(self)
        file.save(self.net_, path)

    def to_onnx(self, path: str | Path) -> None:
        """Write what predicts as a graph for ONNX runtimes; see :mod:`chainrule.nets.onnx`.

        Raises:
            MissingExtraError: the package onnx is not installed.
            SettingsError: an activation has no node in ONNX, or labels are bytes.
            StoreError: the file cannot be written.
        """
        check_is_fitted(self)
        to_onnx(self.net_, path)

    def to_torch(self) -> Any:
        """What predicts as a ``torch.nn.Sequential``; see :mod:`chainrule.nets.pytorch`.

        Raises:
            MissingExtraError: PyTorch is not installed.
            SettingsError: an activation is one of one's own.
        """
        check_is_fitted(self)
        return to_torch(self.net_)

    def _parameters(self) -> MLPParameters:
        return read({name: value for name, value in self.get_params().items() if name != "random_state"})

    def _train(
        self,
        given: MLPParameters,
        X: Any,
        y: Array,
        weights: NDArray[np.float64] | None,
        classes: Array | None,
        encoding: CentredEncoding | None,
        val: tuple[Any, Array] | None = None,
        said: tuple[float, float] = (0.0, 1.0),
    ) -> Self:
        """Train on checked rows X (N, D), as ``encoding`` made them, and y (N,), the numbers of ``classes``, or
        measurements where it is None; validate on such rows, ``val``, or on a share of those.

        Measurements are standardised: ``said`` are the mean and the deviation that they had."""
        is_warm = given.warm_start and hasattr(self, "net_")
        seed = self._seed(is_warm)
        given = given.stopping(
            rows.counting(weights, len(y)),
            have_rows=val is not None,
            drawable=rows.are_drawable(y, TENTH, seed, weights),
        )
        names = getattr(self, "feature_names_in_", None) if encoding is None else encoding.encoding.outputs
        columns = None if names is None else tuple(map(str, names))
        with told_as_value_errors():
            data, mean = rows.dataset(X, y, columns, val or given.validation_fraction, seed, weights)
            if classes is None:
                data = dataclasses.replace(data, unit=said)
        mean = mean if encoding is None else mean + encoding.centre
        before = self._before(columns, classes, mean, said) if is_warm else None
        nets = trained(data, given, seed, before)
        scale, shift = nets.transform.scale, nets.transform.shift
        transform = Transform(scale, shift - mean * scale)
        self.history_ = nets.history
        made_by = None if encoding is None else encoding.encoding
        self.net_ = CompleteNet(
            nets.network, nets.parameters, transform, classes, columns, nets.about, made_by
        )
        return self

    def _seed(self, is_warm: bool) -> int:
        """That of a fit; one that goes on keeps its own: another would validate on rows that were trained on before."""
        if is_warm:
            return int(self.net_.trained["seed"])
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _given(self, X: Any, y: Any, **options: Any) -> tuple[Any, Any, CentredEncoding | None]:
        """Rows and what is to be learned of them, checked, and what made numbers of the rows' columns."""
        X, y = rows.in_memory(X), rows.in_memory(y)
        with told_as_value_errors():
            named = X.name if isinstance(X, Frame) else "X"
            found = encoding_of(X, named, may_have_gaps=isinstance(X, Frame))
            numbers, encoding = (X, None) if found is None else centred(found, X)
        numbers, y = self._validated(numbers, y, **options)
        names = list((column_keys(X) or {}).values())
        # scikit-learn sees the names of numbers alone, and knows not every kind of frame.
        if encoding is not None or (names and all(isinstance(name, str) for name in names)):
            self.feature_names_in_, self.n_features_in_ = np.array(names, object), len(names)
        return numbers, y, encoding

    def _given_part(self, X: Any, y: Any, **options: Any) -> tuple[Any, Any, CentredEncoding | None]:
        """As :meth:`_given`, of rows with the columns that there were before."""
        check_is_fitted(self)
        X, y, encoding = rows.in_memory(X), rows.in_memory(y), self.net_.encoding
        if encoding is None:
            return *self._validated(X, y, reset=False, **options), None
        with told_as_value_errors():
            # Less its own mean: a part may lie far from those before.
            numbers, part = centred(encoding, X)
        return numbers, y, part

    def _before(
        self,
        columns: tuple[str, ...] | None,
        classes: Array | None,
        mean: NDArray[np.float64],
        said: tuple[float, float],
    ) -> CompleteNet:
        """What predicts, as it is trained: of rows whose columns ``mean`` was subtracted from, to standardised numbers,
        or to scores before a temperature.

        Raises:
            ParameterError: columns or classes are others.
        """
        net, (center, deviation) = self.net_, said
        if columns != net.columns or len(mean) != net.network.widths[0]:
            raise ParameterError(
                "warm_start = True: X has other columns than before; give the same, or leave it out"
            )
        if classes is not None and (net.classes is None or not np.array_equal(classes, net.classes)):
            raise ParameterError(
                "warm_start = True: y has other classes than before; give the same, or leave it out"
            )
        transform = Transform(net.transform.scale, net.transform.shift + mean * net.transform.scale)
        parameters = net.parameters
        if net.classes is None:
            parameters = restored(parameters, net.network.depth, -center / deviation, 1 / deviation)
        else:
            parameters = cooled(parameters, net.network.depth, 1 / net.trained.get("temperature", 1.0))
        return dataclasses.replace(net, parameters=parameters, transform=transform)

    def _to_validate(
        self, given: MLPParameters, eval_set: Any, encoding: CentredEncoding | None
    ) -> tuple[Any, Any] | None:
        """Rows of their own to validate on, as numbers, and what is right."""
        if eval_set is None:
            return None
        if given.validation_fraction is not None:
            raise ParameterError(
                f"validation_fraction = {given.validation_fraction:g}: eval_set has the rows to validate on; leave one "
                "out"
            )
        if not (isinstance(eval_set, tuple | list) and len(eval_set) == 2):
            raise ParameterError("eval_set: is no pair; give rows and what is right, (X, y)")
        X, y = map(rows.in_memory, eval_set)
        with told_as_value_errors():
            numbers = table(X, "eval_set X") if encoding is None else encoding.rows(X, "eval_set X")
        known, names = getattr(self, "feature_names_in_", None), column_names(X)
        if encoding is None and known is not None and names is not None and names != tuple(known):
            raise RowsError("eval_set X: has other columns than X, or in another order; give the same")
        if encoding is None and numbers.shape[1] != self.n_features_in_:
            raise RowsError(
                f"eval_set X: has {numbers.shape[1]} columns, X has {self.n_features_in_}; give the same"
            )
        return numbers, y

    def _rows(self, X: Any) -> Any:
        check_is_fitted(self)
        X = rows.in_memory(X)
        # What makes numbers of them checks them.
        return X if self.net_.encoding or isinstance(X, Frame) else self._validated(X, reset=False)

    def _validated(self, X: Any, *y: Any, **options: Any) -> Any:
        """What scikit-learn makes of rows, or its refusal; ours, which says where, of values hidden or no numbers."""
        if np.ma.is_masked(X):
            with told_as_value_errors():
                table(X)
        try:
            return validate_data(self, X, *y, ensure_all_finite=False, **options)
        except ValueError:
            rows = np.asarray(X)
            has_texts = rows.ndim == 2 and rows.size and rows.dtype.kind in "OU"
            if has_texts or column_keys(X) == {}:
                with told_as_value_errors():
                    table(X)
            raise
