"""A classifier in scikit-learn's conventions: an ensemble of nets that are trained as one population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.labels import KINDS, coded, codes_of, labels, told
from chainrule.errors import TRAINING, needs
from chainrule.estimators.living import Callback
from chainrule.estimators.parameters import ParameterError, told_as_value_errors
from chainrule.estimators.rows import in_memory
from chainrule.estimators.streaming import StreamingEstimator, require_rows
from chainrule.estimators.weights import ClassWeight, row_weights

with needs(*TRAINING):
    from sklearn.base import ClassifierMixin
    from sklearn.utils.multiclass import check_classification_targets


class MLPClassifier(ClassifierMixin, StreamingEstimator):  # type: ignore[misc]
    """Fully connected nets with softmax cross-entropy, trained by minibatch gradient descent on standardised columns.

    Args:
        hidden: widths of the hidden layers; none for logistic regression.
        activation: of the hidden layers, a name of :mod:`chainrule.nn.activations`.
        batch_norm: in front of every activation; None: where there are hidden layers. Without it hidden layers begin
            with Glorot's weights, else with He's, as nets without hidden layers do.
        l2: adds l2 * |W|^2 to the cost (scikit-learn's alpha = 2 * l2 * N, PyTorch's weight_decay = 2 * l2); None:
            3 / N of N rows, 0.01 at most, of the first member, and of each further one another, from an eighth of that
            to eight times as much, 0.04 at most. Rows of weight 0 are none.
        optimizer: a name of :mod:`chainrule.train.optimizers`, or its table, such as ``{"momentum": 0.95}``.
        learning_rate: the largest rate; None: 0.3 of ``sgd``, a tenth of that with a velocity, a thirtieth of Adam.
        schedule: ``cycle``: from a hundredth of it up to it in the first half of all steps, and down again;
            ``cosine``: up to it in the first tenth, down to 0 along half a wave; ``decay``: from it down to a
            hundredth, epoch by epoch; ``constant``.
        batch_size: rows a minibatch; None: 32. Where there are fewer, all of them; one more or less where batch norm
            would meet a row alone at the end.
        epochs: passes over the rows.
        members: so many nets, which differ in their initial weights, are trained together, and their probabilities
            averaged. Member m is the same whatever their number.
        validation_fraction: the share of the rows, of every class, that is not trained on: ``history_`` says how
            members do there, and a temperature is fitted on them, which makes the mean of the probabilities as sure as
            it is right (:mod:`chainrule.estimators.temperature`). None: all rows are trained on, unless
            ``early_stopping`` needs some.
        dropout: the share of hidden units that each step leaves out, drawn anew; 0: none.
        label_smoothing: the share of every label that is spread over all classes.
        clip: how long the gradient of all parameters of a net may be; a longer one becomes as long. 0: any.
        ema: of 0.99, say, what predicts is the mean of the weights after all steps, in which those of one step back
            count 0.99 as much; 0: the last ones.
        early_stopping: whether each member stops after a third of all epochs without a smaller loss on the rows to
            validate on, and predicts with its best weights; a number: after so many epochs; ``{"metric": "roc_auc",
            "patience": 10}``: after so many without a better value of one of scikit-learn's scorers, or of a curve of
            ``history_``; ``auto``: where there are 1,000 rows of weight above 0, or more. A tenth of the rows, of every
            class, validate where neither ``validation_fraction`` nor ``eval_set`` says which; where classes are so
            small that hardly any would, ``auto`` stops nobody.
        callbacks: each is called with the :class:`chainrule.Population` of the members after every epoch.
        warm_start: whether ``fit``, called again, goes on from what predicts, its standardisation of columns included,
            with as many members, and with the seed of the first fit: of the same rows the same ones are validated on.
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
        l2: float | None = None,
        optimizer: str | Mapping[str, float] = "sgd",
        learning_rate: float | None = None,
        schedule: str = "cycle",
        batch_size: int | None = None,
        epochs: int = 60,
        members: int = 1,
        validation_fraction: float | None = None,
        dropout: float = 0.0,
        label_smoothing: float = 0.0,
        clip: float = 0.0,
        ema: float = 0.0,
        early_stopping: str | bool | int | Mapping[str, Any] = "auto",
        callbacks: Sequence[Callback] | None = None,
        warm_start: bool = False,
        class_weight: ClassWeight = None,
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
        self.label_smoothing = label_smoothing
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None, eval_set: Any = None) -> MLPClassifier:
        """Train on rows X (N, D), an array of numbers or a data frame, and a label for each, y (N,).

        Columns of a frame may hold texts, which become a column of 0 and 1 for each, and gaps, which are filled with
        the median, of all rows; :mod:`chainrule.data.encoding` says how.

        With ``sample_weight``, (N,), the cost of a minibatch is sum(w loss) / sum(w); standardisation, batch norm and
        what ``history_`` says weigh rows alike. One of weight 0 has no say in the cost, yet its
        place in a minibatch.

        ``eval_set``, a pair (X, y), are rows to validate on, in the place of ``validation_fraction``.

        Raises:
            ParameterError: parameters that are impossible, all of them at once.
            RowsError: a value is missing, infinite or no number (which), there is one class, or weights are below 0.
            ValueError: what else scikit-learn refuses.
        """
        given = self._parameters()
        y = in_memory(y)
        named = np.asarray(y)
        if named.ndim == 1 and named.dtype.kind in ("O", *KINDS):
            # Of types of its own that pandas has scikit-learn would make floats.
            with told_as_value_errors():
                y = told(named)
        X, y, encoding = self._given(X, y)
        check_classification_targets(y)
        with told_as_value_errors():
            self.classes_, codes = coded(labels(y))
            weights = row_weights(sample_weight, given.class_weight, self.classes_, codes)
            val = self._to_validate(given, eval_set, encoding)
            if val is not None:
                val = val[0], codes_of(val[1], self.classes_, "eval_set y")
        return self._train(given, X, codes, weights, self.classes_, encoding, val)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> MLPClassifier:
        """Train on once through a part of the rows, X (N, D) and y (N,), from where the part before ended.

        The first part says how columns are standardised and which categories they have: let it be some hundred mixed
        rows. The rate is ``learning_rate`` for all updates; ``schedule`` and ``epochs`` are of ``fit`` alone. The usual
        l2 is that of all rows so far, the same of all members. After ``fit`` its nets go on. ``history_`` has an entry
        for each part: how nets did on its rows after it.

        Args:
            X, y, sample_weight: as ``fit`` takes them.
            classes: all labels that there will be, (K,); wanted in the first call alone.

        Raises:
            ParameterError: parameters that need all rows at once, or classes that are not told, or others than before.
            RowsError: a value is missing, infinite or no number (which), or a label is none of the classes.
            ValueError: what else scikit-learn refuses.
        """
        given = self._for_parts()
        if self._is_first():
            if classes is None:
                raise ParameterError(
                    "classes: are not told; give all labels that there will be, in the first call"
                )
            X, y, encoding = self._given(X, y)
            with told_as_value_errors():
                known = coded(labels(classes, "classes"), "classes")[0]
        else:
            X, y, encoding = self._given_part(X, y)
            known = self.classes_
            if classes is not None and not np.array_equal(np.unique(np.asarray(classes)), known):
                raise ParameterError("classes: are others than before; leave them out")
        with told_as_value_errors():
            codes = codes_of(y, known)
            require_rows(X, codes)
            weights = row_weights(sample_weight, given.class_weight, known, codes)
        self.classes_ = known
        return self._further(given, X, codes, weights, known, encoding)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of rows whose class is right, of X (N, D) and y (N,)."""
        return float(super().score(X, in_memory(y), sample_weight))

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
