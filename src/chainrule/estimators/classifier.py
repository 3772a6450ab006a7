"""A classifier in scikit-learn's conventions: an ensemble of nets that are trained as one population."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from chainrule.data.labels import coded, labels, told
from chainrule.data.transforms.transform import Transform
from chainrule.data.values import table
from chainrule.estimators import rows
from chainrule.estimators.parameters import read, told_as_value_errors
from chainrule.estimators.population import trained
from chainrule.estimators.weights import ClassWeight, row_weights
from chainrule.nets import file
from chainrule.nets.net import CompleteNet
from chainrule.nets.onnx import to_onnx


class MLPClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Fully connected nets with softmax cross-entropy, trained by minibatch gradient descent on standardised columns.

    Args:
        hidden: widths of the hidden layers; none for logistic regression.
        activation: of the hidden layers, a name of :mod:`chainrule.nn.activations`.
        batch_norm: in front of every activation; None: where there are hidden layers.
        l2: adds l2 * |W|^2 to the cost (scikit-learn's alpha = 2 * l2 * N, PyTorch's weight_decay = 2 * l2).
        learning_rate: the largest rate.
        schedule: ``cycle``: from a hundredth of it up to it in the first half of all steps, and down again;
            ``decay``: from it down to a hundredth, epoch by epoch; ``constant``.
        batch_size: rows a minibatch; None: 32. Where there are fewer, all of them; one more or less where batch norm
            would meet a row alone at the end.
        epochs: passes over the rows.
        members: so many nets, which differ in their initial weights, are trained together, and their probabilities
            averaged. Member m is the same whatever their number.
        validation_fraction: the share of the rows, of every class, that is not trained on: ``history_`` says how
            members do there. None: all rows are trained on.
        class_weight: ``balanced``: so that all classes weigh the same together; or a weight by label, 1 for those that
            it does not name; None: 1. It multiplies ``sample_weight``.
        random_state: keys initial weights, minibatches, and the rows to validate on.

    Attributes:
        classes_: the labels, in rising order.
        history_: ``epoch`` (E,), and (E, P) of every epoch and member: ``train_loss``, ``train_accuracy``,
            ``train_cost``, and ``val_loss`` and so on where there are rows to validate on. NaN after a member diverged.
        net_: what predicts, a :class:`chainrule.nets.net.CompleteNet`.
        n_features_in_, feature_names_in_: how many columns there were; their names, where they had some.

    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> y = np.where(X[:, 0] * X[:, 1] > 0, "same", "other")
    >>> classifier = MLPClassifier(members=4, random_state=0).fit(X, y)
    >>> classifier.classes_.tolist(), classifier.predict([[1.0, 1.0], [1.0, -1.0]]).tolist()
    (['other', 'same'], ['same', 'other'])
    >>> classifier.score(X, y) > 0.9
    True
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
        class_weight: ClassWeight = None,
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
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPClassifier:
        """Train on rows X (N, D), an array or a data frame of numbers, and a label for each, y (N,).

        With ``sample_weight``, (N,), the cost of a minibatch is sum(w loss) / sum(w); standardisation, batch norm and
        what ``history_`` says weigh rows alike. One of weight 0 is as if it was not there.

        Raises:
            ParameterError: parameters that are impossible, all of them at once.
            RowsError: a value is missing, infinite or no number (which), there is one class, or weights are below 0.
            ValueError: what else scikit-learn refuses.
        """
        given = read({name: value for name, value in self.get_params().items() if name != "random_state"})
        named = np.asarray(y)
        if named.ndim == 1 and named.dtype.kind in "Of":
            with told_as_value_errors():
                told(named)
        X, y = self._validated(X, y)
        check_classification_targets(y)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        names = getattr(self, "feature_names_in_", None)
        columns = None if names is None else tuple(map(str, names))
        with told_as_value_errors():
            self.classes_, codes = coded(labels(y))
            weights = row_weights(sample_weight, given.class_weight, self.classes_, codes)
            data, mean = rows.dataset(X, codes, columns, given.validation_fraction, seed, weights)
        nets = trained(data, given, seed)
        scale, shift = nets.transform.scale, nets.transform.shift
        self.history_ = nets.history
        self.net_ = CompleteNet(
            nets.network,
            nets.parameters,
            Transform(scale, shift - mean * scale),
            self.classes_,
            columns,
            nets.about,
        )
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of every row, (N,)."""
        X = self._rows(X)
        with told_as_value_errors():
            return self.net_.predict(X)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities (N, K), the mean over members."""
        X = self._rows(X)
        with told_as_value_errors():
            return self.net_.predict_proba(X)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """The logarithm of the probabilities, (N, K); of two classes the difference, (N,)."""
        X = self._rows(X)
        with told_as_value_errors():
            return self.net_.decision_function(X)

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
