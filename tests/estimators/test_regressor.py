"""A regressor in scikit-learn's conventions: its own checks, its tools, and that numbers come back as they were."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import chainrule
from chainrule import MLPRegressor
from chainrule.estimators.parameters import FitNotice
from chainrule.machine.compiler import SWITCH
from estimators.test_classifier import UNEQUAL

CHECKS = list(
    estimator_checks_generator(MLPRegressor(epochs=30), mark="skip", expected_failed_checks=UNEQUAL)
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "number",
    range(len(CHECKS)),
    ids=lambda number: getattr(CHECKS[number][1], "func", CHECKS[number][1]).__name__,
)
def test_scikit_learn_s_own_checks(number):
    estimator, check = CHECKS[number]
    check(clone(estimator))


def quick(**parameters):
    return MLPRegressor(**{"hidden": 8, "epochs": 10, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def numbers(table):
    X, _ = table
    return X, 50 + 10 * np.tanh(X[:, 0] + X[:, 1])


def test_defaults_learn_diabetes():
    assert (
        cross_val_score(MLPRegressor(random_state=0, epochs=20), *load_diabetes(return_X_y=True), cv=3).mean()
        > 0.4
    )


def test_pipelines_and_grids_take_it(numbers):
    grid = {"mlpregressor__learning_rate": [0.01, 0.1]}
    searched = GridSearchCV(make_pipeline(StandardScaler(), quick(epochs=20)), grid, cv=2).fit(*numbers)
    assert searched.best_score_ > 0.7
    assert searched.best_params_ == {"mlpregressor__learning_rate": 0.1}


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1e-9), (1e12, 1.0), (-5.0, 1e12)])
def test_numbers_of_any_size_come_back(numbers, shift, scale):
    X, y = numbers
    one, other = quick().fit(X, y), quick().fit(X, shift + scale * y)
    np.testing.assert_allclose((other.predict(X) - shift) / scale, one.predict(X), rtol=1e-3)


def test_a_member_is_the_same_whatever_their_number_and_their_mean_is_said(numbers):
    three, one = quick(members=3).fit(*numbers), quick().fit(*numbers)
    for name, array in one.net_.parameters.items():
        np.testing.assert_allclose(three.net_.parameters[name][:1], array, rtol=1e-4, atol=1e-4)
    assert abs(three.predict(numbers[0]) - one.predict(numbers[0])).max() > 1e-3


@pytest.mark.usefixtures("compiling")
def test_compiled_code_trains_the_same_members(numbers, monkeypatch):
    compiled = quick(members=2).fit(*numbers)
    assert compiled.net_.trained["engine"] == "compiled"
    monkeypatch.setenv(SWITCH, "off")
    np.testing.assert_allclose(
        compiled.predict(numbers[0]), quick(members=2).fit(*numbers).predict(numbers[0]), rtol=1e-4
    )


def test_history_is_of_standardised_numbers(numbers):
    history = quick(members=2, validation_fraction=0.25).fit(*numbers).history_
    assert {name: values.shape for name, values in history.items() if name != "epoch"} == {
        f"{part}_{what}": (11, 2) for part in ("train", "val") for what in ("loss", "cost")
    }
    assert (history["train_loss"][-1] < 0.5).all()


def test_weights_count(numbers):
    X, y = numbers
    weights = np.r_[np.ones(len(X)), np.zeros(len(X))]
    one = quick(epochs=30).fit(np.r_[X, X], np.r_[y, y + 1000], weights)
    assert one.score(X, y) > 0.8


def test_it_is_saved_and_loaded(numbers, tmp_path):
    X, y = numbers
    one = quick(members=2).fit(X, y)
    one.save(tmp_path / "one.net")
    np.testing.assert_array_equal(chainrule.load(tmp_path / "one.net").predict(X), one.predict(X))


def test_numbers_that_never_vary_are_predicted():
    X = np.random.default_rng(0).normal(size=(40, 2))
    np.testing.assert_allclose(quick(epochs=40).fit(X, np.full(40, 7.0)).predict(X), 7, atol=0.3)


def test_what_grows_instead_of_learning_is_told():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 1)) + 0.1 * rng.normal(size=(100, 40))
    with pytest.warns(
        FitNotice, match="1 of 1 members ended with a larger loss than they began with; choose a smaller"
    ):
        quick(hidden=(), learning_rate=0.3, epochs=3).fit(X, rng.normal(size=100))


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        ([[0.0], [np.nan]], [1.0, 2.0], "X: row 1, column 0 (both from 0): holds NaN"),
        ([[0.0], [1.0]], [1.0, np.inf], "y: row 1 (from 0): holds inf, which is no label; drop the row"),
        ([[0.0], [1.0]], ["a", "b"], "y: holds text; give numbers"),
        ([[0.0]], [1.0], "X: has 1 sample; give two rows or more"),
    ],
)
def test_rows_that_nothing_can_be_learned_from(X, y, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        quick().fit(X, y)


def test_a_warm_start_goes_on_from_what_predicts_whatever_numbers_mean():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 2))
    y = 100 + 10 * X[:, 0]
    # The running values of batch norm would start anew.
    warm = MLPRegressor(8, epochs=20, batch_norm=False, warm_start=True, random_state=0).fit(X, y)
    warm.set_params(learning_rate=1e-30)
    said = warm.predict(X)
    assert said.std() > 5
    np.testing.assert_allclose(warm.fit(X, 3 * y + 7).predict(X), said, rtol=1e-4)


@pytest.mark.parametrize("odd", [np.inf, np.nan])
def test_a_number_that_is_none_is_told_by_its_row(odd):
    X, y = np.arange(6.0)[:, np.newaxis], np.array([1, 2, odd, 4, 5, 6])
    for learn in (MLPRegressor(3).fit, MLPRegressor(3).partial_fit):
        with pytest.raises(ValueError, match=rf"y: row 2 \(from 0\): holds {odd}, which is no label"):
            learn(X, y)
