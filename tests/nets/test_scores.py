"""What scorers say of a net is what they say of scikit-learn's estimators."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, mean_absolute_error, roc_auc_score

from chainrule import MLPClassifier, MLPRegressor
from chainrule.errors import DataError, SettingsError
from chainrule.nets.scores import scores


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
    with pytest.raises(SettingsError, match="metric 'roc_auc'"):
        scores(net, X, X[:, 0], ["roc_auc"])


def test_metrics_and_labels_that_are_unknown(fitted, table):
    X, y = table
    with pytest.raises(SettingsError, match="metric 'rocauc': is unknown; did you mean 'roc_auc'"):
        scores(fitted, X, y, ["rocauc"])
    odd = np.where(np.arange(len(y)) == 7, "maybe", y)
    with pytest.raises(DataError, match=r"y: row 7 \(from 0\): holds 'maybe', which is no class of the net"):
        scores(fitted, X, odd)
