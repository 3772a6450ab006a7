"""What both estimators have in common: their parameters, how rows become trained nets, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.transforms.transform import Transform
from chainrule.data.values import table
from chainrule.errors import TRAINING, needs
from chainrule.estimators import rows
from chainrule.estimators.parameters import MLPParameters, read, told_as_value_errors
from chainrule.estimators.population import trained
from chainrule.nets import file
from chainrule.nets.net import CompleteNet
from chainrule.nets.onnx import to_onnx

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
        l2: float = 1e-3,
        learning_rate: float = 0.3,
        schedule: str = "cycle",
        batch_size: int | None = None,
        epochs: int = 60,
        members: int = 1,
        validation_fraction: float | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.batch_norm = batch_norm
        self.l2 = l2
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.batch_size = batch_size
        self.epochs = epochs
        self.members = members
        self.validation_fraction = validation_fraction
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

    def _parameters(self) -> MLPParameters:
        return read({name: value for name, value in self.get_params().items() if name != "random_state"})

    def _train(
        self,
        given: MLPParameters,
        X: Any,
        y: Array,
        weights: NDArray[np.float64] | None,
        classes: Array | None,
    ) -> Self:
        """Train on checked rows X (N, D) and y (N,), the numbers of ``classes``, or measurements where it is None."""
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        names = getattr(self, "feature_names_in_", None)
        columns = None if names is None else tuple(map(str, names))
        with told_as_value_errors():
            data, mean = rows.dataset(X, y, columns, given.validation_fraction, seed, weights)
        nets = trained(data, given, seed)
        scale, shift = nets.transform.scale, nets.transform.shift
        transform = Transform(scale, shift - mean * scale)
        self.history_ = nets.history
        self.net_ = CompleteNet(nets.network, nets.parameters, transform, classes, columns, nets.about)
        return self

    def _rows(self, X: Any) -> Any:
        check_is_fitted(self)
        return self._validated(X, reset=False)

    def _validated(self, X: Any, *y: Any, **options: Any) -> Any:
        """What scikit-learn makes of rows, or its refusal; ours, which says where, of values hidden or no numbers."""
        if np.ma.is_masked(X):
            with told_as_value_errors():
                table(X)
        try:
            return validate_data(self, X, *y, ensure_all_finite=False, **options)
        except ValueError:
            rows = np.asarray(X)
            if rows.ndim == 2 and rows.size and rows.dtype.kind in "OU":
                with told_as_value_errors():
                    table(X)
            raise
