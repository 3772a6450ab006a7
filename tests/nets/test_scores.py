"""What scorers say of a net is what they say of scikit-learn's estimators."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, mean_absolute_error, roc_auc_score

from chainrule import MLPClassifier, MLPRegressor
from chainrule.errors import DataError, SettingsError
from chainrule.nets.scores import score_or_nan, scores


@pytest.fixture(scope="module")
def table():
    X = np.random.default_rng(0).normal(size=(120, 3))
    return X, np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")


@pytest.fixture(scope="module")
def fitted(table):
    X, y = table
    return MLPClassifier(4, epochs=3, random_state=0).fit(X, y).net_


def test_the_second_of_two_classes_is_the_positive_one(fitted, table):
    X, y = table
    measured = scores(fitted, X, y, ["f1", "roc_auc", "accuracy"])
    assert measured["f1"] == f1_score(y, fitted.predict(X), pos_label="yes")
    assert measured["roc_auc"] == roc_auc_score(y == "yes", fitted.predict_proba(X)[:, 1])
    assert list(scores(fitted, X, y)) == ["accuracy", "neg_log_loss"]


def test_of_many_classes_and_of_numbers(table):
    X, _ = table
    three = np.digitize(X[:, 0], [-0.5, 0.5])
    net = MLPClassifier(4, epochs=3, random_state=0).fit(X, three).net_
    assert scores(net, X, three, ["f1_macro"])["f1_macro"] == f1_score(three, net.predict(X), average="macro")
    with pytest.raises(SettingsError, match="metric 'f1': Target is multiclass but average='binary'"):
        scores(net, X, three, ["f1"])
    net = MLPRegressor(4, epochs=3, random_state=0).fit(X, X[:, 0]).net_
    measured = scores(net, X, X[:, 0], ["neg_mean_absolute_error"])
    assert measured == {"neg_mean_absolute_error": -mean_absolute_error(X[:, 0], net.predict(X))}
    with pytest.raises(
        SettingsError, match="'roc_auc': it is of probabilities, and numbers are predicted; choose"
    ):
        scores(net, X, X[:, 0], ["roc_auc"])
    with pytest.raises(SettingsError, match=r"metric 'f1': .*; choose another, such as r2"):
        scores(net, X, X[:, 0], ["f1"])


def test_metrics_and_labels_that_are_unknown(fitted, table):
    X, y = table
    with pytest.raises(SettingsError, match="metric 'rocauc': is unknown; did you mean 'roc_auc'"):
        scores(fitted, X, y, ["rocauc"])
    odd = np.where(np.arange(len(y)) == 7, "maybe", y)
    with pytest.raises(DataError, match=r"y: row 7 \(from 0\): holds 'maybe', which is no class of the net"):
        scores(fitted, X, odd)


def test_predictions_that_a_scorer_cannot_measure_are_nan_and_rows_that_it_cannot_are_refused(fitted, table):
    X, y = table
    assert scores(fitted, X, y, ["f1"])["f1"] == score_or_nan(fitted, X, y, "f1") < 1
    with pytest.raises(
        SettingsError, match="metric 'roc_auc': cannot be measured on these rows, whatever is predicted"
    ):
        score_or_nan(fitted, X, np.full(len(X), "yes"), "roc_auc")
    numbers = MLPRegressor(4, epochs=3, random_state=0).fit(X, X[:, 0]).net_
    counts = np.arange(len(X))
    assert (numbers.predict(X) < 0).any()
    assert np.isnan(score_or_nan(numbers, X, counts, "neg_mean_poisson_deviance"))
    assert np.isnan(score_or_nan(numbers, X, counts, "neg_mean_squared_log_error"))
    with pytest.raises(
        SettingsError, match=r"'neg_mean_poisson_deviance': .* can only be used on non-negative y"
    ):
        score_or_nan(numbers, X, -counts, "neg_mean_poisson_deviance")
