"""Early stopping: a member at a time, at its own best, on any metric."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.tables import from_arrays
from chainrule.errors import SettingsError
from chainrule.estimators.living import Population
from chainrule.estimators.stopping import EarlyStopping

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
        assert data == "val" and now
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


def test_patience_is_an_epoch_at_least():
    with pytest.raises(SettingsError, match="patience = 0: is no number of epochs"):
        EarlyStopping(patience=0)


def test_a_scorer_keeps_the_epochs_that_its_curve_does(data):
    kept = []
    for metric in ("val_accuracy", "accuracy"):
        population, stopping = Population(SETTINGS, [5, 6], data, order=0), EarlyStopping(metric, 3)
        while population.active:
            population.epoch([stopping])
        kept.append([population.kept_epoch(m) for m in (0, 1)])
    assert kept[0] == kept[1]
    assert max(kept[0]) > 1
