"""Early stopping: a member at a time, at its own best, on any metric."""

from __future__ import annotations

import copy
import pickle
import warnings

import numpy as np
import pytest
from sklearn.metrics import get_scorer

from chainrule import MLPClassifier, MLPRegressor
from chainrule.data.tables import from_arrays
from chainrule.errors import SettingsError
from chainrule.estimators.living import Population
from chainrule.estimators.stopping import EarlyStopping
from chainrule.train.stopping import StoppingNotice

SETTINGS = {
    "train": "train", "val": "val", "test": "test", "preprocess": "standardize", "hidden": [6], "init": "he",
    "batch_size": 16, "epochs": 8, "shuffle": True, "learning_rate": 0.2,
}  # fmt: skip


@pytest.fixture(scope="module")
def data(table):
    return from_arrays(*table, val=0.25)


class Scripted:
    """A population whose members do as it is written."""

    def __init__(self, **curves):
        self.curves = {name: np.array(rows, float) for name, rows in curves.items()}
        self.epochs, self.active, self.kept, self.stopped = 0, [0, 1], {}, {}

    @property
    def metrics(self):
        return {name: rows[self.epochs - 1] for name, rows in self.curves.items() if name != "f1"}

    def evaluate(self, data, metrics, *, now):
        assert (data, now) == ("val", True)
        return {name: self.curves[name][self.epochs - 1] for name in metrics}

    def keep(self, *members):
        self.kept |= dict.fromkeys(members, self.epochs)

    def stop(self, *members):
        self.active = [m for m in self.active if m not in members]
        self.stopped |= dict.fromkeys(members, self.epochs)


def run(stopping, **curves):
    population = Scripted(**curves)
    for epoch in range(1, 1 + len(next(iter(curves.values())))):
        population.epochs = epoch
        stopping(population)
    return population.kept, population.stopped


def test_each_member_stops_after_its_own_best():
    losses = [[3, 3], [2, 4], [2.5, 2], [2.6, 1], [np.nan, 0.5]]
    assert run(EarlyStopping("val_loss", 2), val_loss=losses) == ({0: 2, 1: 5}, {0: 4})


@pytest.mark.parametrize("metric", ["val_accuracy", "f1"])
def test_what_is_better_where_it_is_larger(metric):
    values = {"val_loss": [[9, 9]] * 3, metric: [[0.5, 0.1], [0.4, 0.2], [0.3, 0.3]]}
    assert run(EarlyStopping(metric, 2), **values) == ({0: 1, 1: 3}, {0: 3})


@pytest.mark.parametrize("patience", [0, 2.5, True, "3"])
def test_patience_is_an_epoch_at_least(patience):
    with pytest.raises(
        SettingsError, match=f"patience = {patience!r}: is no number of epochs; give a whole one"
    ):
        EarlyStopping(patience=patience)


def test_patience_may_be_numpy_s():
    assert EarlyStopping(patience=np.int64(3)).patience == 3


@pytest.mark.parametrize(
    ("metric", "line"),
    [
        ("val_los", "metric = 'val_los': is unknown; did you mean 'val_loss'?"),
        ("roc_auk", "metric = 'roc_auk': is unknown; did you mean 'roc_auc'?"),
        ("val_accuracy", "metric = 'val_accuracy': is of classes, these are numbers; watch val_loss"),
    ],
)
def test_a_metric_that_there_is_not_is_told_with_a_near_one(metric, line):
    with pytest.raises(SettingsError) as refused:
        run(EarlyStopping(metric), val_loss=[[1, 1]])
    assert refused.value.problems == (line,)


def test_a_scorer_keeps_the_epochs_that_its_curve_does(data):
    kept = []
    for metric in ("val_accuracy", "accuracy"):
        population, stopping = Population(SETTINGS, [5, 6], data, order=0), EarlyStopping(metric, 3)
        while population.active:
            population.epoch([stopping])
        kept.append([population.kept_epoch(m) for m in (0, 1)])
    assert kept[0] == kept[1]
    assert max(kept[0]) > 1


def test_it_remembers_every_population_by_itself():
    stopping, losses = EarlyStopping("val_loss", 2), [[1, 1], [2, 2], [3, 3]]
    first, again = (run(stopping, val_loss=[[m + n for m in row] for row in losses]) for n in (0, 5))
    assert first == again == ({0: 1, 1: 1}, {0: 3, 1: 3})


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_of_one_that_was_used_begin_anew(copied):
    stopping = EarlyStopping("val_loss", 2)
    seen = run(stopping, val_loss=[[1, 1], [2, 2], [3, 3]])
    assert run(copied(stopping), val_loss=[[6, 6], [7, 7], [8, 8]]) == seen


@pytest.mark.parametrize("metric", ["val_loss", "f1"])
def test_without_rows_to_validate_on_it_says_what_to_do(table, metric):
    population = Population(SETTINGS, [5], from_arrays(*table, val=None))
    with pytest.raises(SettingsError) as refused:
        population.epoch([EarlyStopping(metric)])
    assert refused.value.problems == (
        f"metric = {metric!r}: there is nothing to validate on; set rows aside, or watch train_loss",
    )


def test_rows_on_which_a_scorer_is_not_defined_are_refused_at_once(table):
    X, y = table
    one = MLPClassifier((3,), epochs=9, random_state=0, early_stopping={"metric": "roc_auc", "patience": 3})
    mine = y == y[0]
    with pytest.raises(
        SettingsError, match="metric 'roc_auc': cannot be measured on the rows to validate on"
    ):
        one.fit(X, y, eval_set=(X[mine], y[mine]))


def test_what_cannot_be_measured_is_never_the_best_is_told_once_and_stops_nobody_before_anything_can():
    losses, ratios = (
        [[9, 9]] * 5,
        [[np.nan, np.nan], [0.5, np.nan], [np.nan, np.nan], [0.4, np.nan], [0.3, np.nan]],
    )
    with pytest.warns(
        StoppingNotice, match="metric = 'f1': cannot measure what is predicted after epoch 1"
    ) as told:
        kept, stopped = run(EarlyStopping("f1", 2), val_loss=losses, f1=ratios)
    assert (len(told), kept, stopped) == (1, {0: 2, 1: 5}, {0: 4})
    diverged = [[9, np.nan], [9, np.nan], [9, np.nan]]
    assert run(EarlyStopping("f1", 2), val_loss=diverged, f1=diverged) == ({0: 1}, {0: 3, 1: 3})


@pytest.mark.parametrize(
    "metric",
    ["neg_mean_absolute_percentage_error", "neg_mean_squared_log_error", "neg_mean_poisson_deviance"],
)
def test_numbers_are_measured_as_they_were_given(metric):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 3))
    y, said = np.exp(X[:, 0] + rng.normal(size=80) / 2), []

    def remember(population):
        said.append(
            (population.net().predict(X[60:]), population.evaluate("val", [metric], now=True)[metric])
        )

    one = MLPRegressor(
        (6,),
        epochs=12,
        random_state=0,
        callbacks=[remember],
        early_stopping={"metric": metric, "patience": 11},
    )
    with warnings.catch_warnings(action="ignore"):
        one.fit(X[:60].astype(np.float32), y[:60], eval_set=(X[60:].astype(np.float32), y[60:]))
    values = np.array([value.item() for _, value in said])
    (kept,) = one.net_.trained["kept_epochs"]
    assert kept == 1 + np.nanargmax(values)
    np.testing.assert_allclose(one.predict(X[60:].astype(np.float32)), said[-1][0], rtol=1e-5, atol=1e-6)
    best = one.net_.predict(X[60:].astype(np.float32))
    assert get_scorer(metric)._score_func(y[60:], best) == pytest.approx(-np.nanmax(values), rel=1e-4)
