"""What scorers say of a net is what they say of scikit-learn's estimators."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, mean_absolute_error, roc_auc_score

from chainrule import MLPClassifier, MLPRegressor
from chainrule.data.transforms.transform import Transform
from chainrule.errors import DataError, SettingsError
from chainrule.nets.net import CompleteNet
from chainrule.nets.scores import score_or_nan, scores
from chainrule.nn.network import Network


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


@pytest.mark.parametrize("metric", ["f1", "recall", "precision", "average_precision", "matthews_corrcoef"])
@pytest.mark.parametrize("threshold", [np.inf, 0.5])
@pytest.mark.filterwarnings("ignore:No positive class found", "ignore:A single label was found")
def test_rows_without_anything_to_find_are_refused_whatever_is_predicted(fitted, table, metric, threshold):
    X, _ = table
    none = np.full(len(X), "no")
    rows = X[fitted.predict_proba(X)[:, 1] < threshold]
    with pytest.raises(
        SettingsError, match=f"'{metric}': cannot be measured on these rows, whatever is pred"
    ):
        score_or_nan(fitted, rows, none[: len(rows)], metric)


def test_what_is_put_in_the_place_of_a_measure_is_none(fitted, table):
    X, _ = table
    said_no = X[fitted.predict(X) == "no"]
    truth = np.where(np.arange(len(said_no)) % 2, "no", "yes")
    assert np.isnan(score_or_nan(fitted, said_no, truth, "precision"))
    assert score_or_nan(fitted, said_no, truth, "recall") == 0
    assert score_or_nan(fitted, said_no, truth, "precision_macro") == 0.25
    assert score_or_nan(fitted, said_no[:1], ["yes"], "accuracy") == 0


def test_rows_that_may_have_several_classes_are_measured_where_some_are(table):
    X, _ = table
    weights = {"W1": np.eye(3)[np.newaxis], "b1": np.zeros((1, 3))}
    as_they_are = Transform(np.ones(3), np.zeros(3))
    network = Network((3, 3), "binary_cross_entropy")
    net = CompleteNet(network, weights, as_they_are, np.arange(3), several=True)
    y = (net.predict(X) == 1).astype(int)
    y[:, 2] = 0
    with pytest.raises(SettingsError, match="'f1_macro': cannot be measured"):
        score_or_nan(net, X, np.zeros_like(y), "f1_macro")
    assert 0 < score_or_nan(net, X, y, "f1_macro") < 1
