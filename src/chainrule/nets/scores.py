"""How well a net does on rows, by any of scikit-learn's scorers."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.labels import codes_of, measurements, several
from chainrule.errors import TRAINING, SettingsError, needs, suggestion
from chainrule.nets.net import CompleteNet
from chainrule.text import excerpt, one_line

with needs(*TRAINING):
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.exceptions import UndefinedMetricWarning
    from sklearn.metrics import get_scorer, get_scorer_names, log_loss, make_scorer

USUAL = {True: ("accuracy", "neg_log_loss"), False: ("r2", "neg_root_mean_squared_error")}
"""Where nobody names any: of classes, and of numbers."""

_GUESSES = 10
"""By chance, which come to something else than what is right, unless a scorer can tell nothing of the rows."""


class _Predicting(BaseEstimator):  # type: ignore[misc]
    """A net as scorers call it."""

    def __init__(self, net: CompleteNet) -> None:
        self.net = net

    def predict(self, X: Any) -> NDArray[Any]:
        return self.net.predict(X)


class _PredictingClasses(ClassifierMixin, _Predicting):  # type: ignore[misc]
    """One of classes: ``names`` are the net's, in rising order, and ``classes`` what scorers call them."""

    def __init__(self, net: CompleteNet, names: Array, classes: Array) -> None:
        super().__init__(net)
        self.names, self.classes_ = names, classes

    def predict(self, X: Any) -> NDArray[Any]:
        return np.asarray(self.classes_[np.searchsorted(self.names, self.net.predict(X))])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        return self.net.predict_proba(X)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        return self.net.decision_function(X)


class _PredictingSeveral(ClassifierMixin, _Predicting):  # type: ignore[misc]
    """One of rows that may have several of K classes: of each a row has it or not."""

    def __init__(self, net: CompleteNet) -> None:
        super().__init__(net)
        self.classes_ = [np.arange(2)] * net.network.widths[-1]

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        return self.net.predict_proba(X)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        return self.net.decision_function(X)


class _Knowing(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Who is asked with the labels in the place of rows, and gives them back."""

    def __init__(self, classes: Any) -> None:
        self.classes_ = classes

    def predict(self, X: Array) -> Array:
        return X

    def predict_proba(self, X: Array) -> NDArray[np.float64]:
        return np.asarray(X if X.ndim == 2 else X[:, np.newaxis] == self.classes_, np.float64)


class _PredictingNumbers(RegressorMixin, _Predicting):  # type: ignore[misc]
    pass


def known_metrics() -> list[str]:
    """The names of scorers.

    >>> {"f1", "roc_auc"} <= set(known_metrics())
    True
    """
    return list(get_scorer_names())


def require_known(metrics: Sequence[str]) -> None:
    """Refuse names that no scorer has.

    Raises:
        SettingsError: which, and what comes close.

    >>> require_known(["f1", "rocauc"])
    Traceback (most recent call last):
    chainrule.errors.SettingsError: metric 'rocauc': is unknown; did you mean 'roc_auc'?
    """
    known = known_metrics()
    unknown = [metric for metric in metrics if metric not in known]
    if unknown:
        raise SettingsError(
            *(f"metric {excerpt(repr(m))}: is unknown; {suggestion(m, known)}" for m in unknown)
        )


def scores(
    net: CompleteNet, X: Any, y: Any, metrics: Sequence[str] | None = None, name: str = "y"
) -> dict[str, float]:
    """What scorers say, by their names; larger is better for all of them.

    Of two classes the second in rising order is the positive one, whatever the labels are.

    Args:
        net: what predicts.
        X: rows.
        y: the label or number of each, (N,); (N, K) of 0 and 1 where rows may have several.
        metrics: names of scorers; None: :data:`USUAL`.
        name: what messages call y.

    Raises:
        SettingsError: a metric is unknown, or is not one of what the net predicts.
        DataError: rows or labels are none that the net knows: which.

    >>> from chainrule import MLPClassifier
    >>> X = np.linspace(-1, 1, 40)[:, np.newaxis]
    >>> classifier = MLPClassifier(5, random_state=0).fit(X, X[:, 0] > 0)
    >>> scores(classifier.net_, X, X[:, 0] > 0, ["f1", "roc_auc"])
    {'f1': 1.0, 'roc_auc': 1.0}
    """
    wanted = USUAL[net.classes is not None] if metrics is None else metrics
    require_known(wanted)
    predicting, truth = _prepared(net, y, name)
    return {metric: _score(metric, predicting, X, truth) for metric in wanted}


def score_or_nan(net: CompleteNet, X: Any, y: Any, metric: str, rows: str = "these rows") -> float:
    """What a known scorer says of a net that is still learning: NaN of predictions that it cannot measure, as
    ``neg_mean_poisson_deviance`` measures none below 0 and ``precision`` none where nobody is called positive.

    Args:
        net, X, y: as :func:`scores` takes them.
        metric: the name of a scorer.
        rows: what messages call them.

    Raises:
        SettingsError: it can measure nothing of these rows, whatever is predicted, as ``roc_auc`` of one class and
            ``f1`` without a positive one.

    >>> from chainrule import MLPRegressor
    >>> X = np.linspace(-1, 1, 40)[:, np.newaxis]
    >>> net = MLPRegressor(5, random_state=0).fit(X, X[:, 0]).net_
    >>> score_or_nan(net, X, abs(X[:, 0]), "neg_mean_poisson_deviance")
    nan
    """
    predicting, truth = _prepared(net, y, "y")
    try:
        value, why = _score_where_defined(metric, predicting, X, truth), _unmeasured(metric, rows)
    except SettingsError as error:
        value, why = np.nan, error
    # 0 is as well what scorers say of rows without anything to find.
    if (np.isnan(value) or value == 0) and not _is_measurable(metric, predicting, truth):
        raise why
    return value


def _score_where_defined(metric: str, predicting: _Predicting, X: Any, truth: Array) -> float:
    """NaN where scikit-learn puts 0 in its place; a mean over classes counts where some of them are measured."""
    try:
        with warnings.catch_warnings(action="error", category=UndefinedMetricWarning):
            return _score(metric, predicting, X, truth)
    except UndefinedMetricWarning:
        with warnings.catch_warnings(action="ignore", category=UndefinedMetricWarning):
            return _score(metric, predicting, X, truth) or np.nan


def _unmeasured(metric: str, rows: str) -> SettingsError:
    return SettingsError(
        f"metric {metric!r}: cannot be measured on {rows}, whatever is predicted; give others, some of every class, or "
        "choose another metric"
    )


def _guessing(predicting: _Predicting, truth: Array) -> Iterator[Any]:
    """Who knows all, of classes, and those who predict without looking at a row."""
    classes = getattr(predicting, "classes_", None)
    if classes is None:
        yield DummyRegressor().fit(truth, truth)
        return
    yield _Knowing(classes)
    # All classes are known to them, whether there are such rows or not.
    every = np.stack([np.zeros_like(truth[0]), np.ones_like(truth[0])]) if truth.ndim == 2 else classes
    known = np.concatenate([every, truth])
    for seed in range(_GUESSES):
        yield DummyClassifier(strategy="uniform", random_state=seed).fit(known, known)


def _is_measurable(metric: str, predicting: _Predicting, truth: Array) -> bool:
    """Whether a scorer measures anything of such rows; of classes, whether it tells right from wrong."""
    found, enough = set[float](), 2 if hasattr(predicting, "classes_") else 1
    with warnings.catch_warnings(action="ignore"):
        for guess in _guessing(predicting, truth):
            with contextlib.suppress(SettingsError):
                found |= {value for value in [_score(metric, guess, truth, truth)] if not np.isnan(value)}
            if len(found) >= enough:
                return True
    return False


def _prepared(net: CompleteNet, y: Any, name: str) -> tuple[_Predicting, Array]:
    if net.classes is None:
        return _PredictingNumbers(net), measurements(y, name)
    if net.several:
        return _PredictingSeveral(net), several(y, name)
    codes = codes_of(y, net.classes, name)
    # Scorers of two classes take 1 for the positive one.
    classes = np.arange(2) if len(net.classes) == 2 else net.classes
    return _PredictingClasses(net, net.classes, classes), classes[codes]


def _score(metric: str, predicting: Any, X: Any, truth: Array) -> float:
    try:
        return float(_scorer(metric, predicting)(predicting, X, truth))
    except (ValueError, TypeError, AttributeError) as error:
        classes = hasattr(predicting, "classes_")
        # An attribute that it lacks is a name of ours.
        lacking = isinstance(error, AttributeError) and not classes
        reason = "it is of probabilities, and numbers are predicted" if lacking else one_line(str(error), 300)
        usual = USUAL[classes][0]
        raise SettingsError(f"metric {metric!r}: {reason}; choose another, such as {usual}") from error


def _scorer(metric: str, predicting: Any) -> Any:
    classes = getattr(predicting, "classes_", None)
    if metric == "neg_log_loss" and isinstance(classes, np.ndarray):
        # scikit-learn's own asks that every class stands among the rows.
        return make_scorer(log_loss, greater_is_better=False, response_method="predict_proba", labels=classes)
    return get_scorer(metric)
