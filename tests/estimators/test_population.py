"""The nets of an estimator: what is kept of them, and what their history says."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.tables import from_arrays
from chainrule.estimators import population
from chainrule.estimators.parameters import FitNotice, MLPParameters, read
from chainrule.records.runs import Divergence
from estimators.test_parameters import USUAL


def given(**told) -> MLPParameters:
    return read(USUAL | {"members": 3} | told).stopping(100)


@pytest.fixture
def data(table):
    return from_arrays(*table, val=None)


def test_all_members_are_kept_with_how_they_were_trained(data):
    nets = population.trained(data, given(), seed=0)
    assert nets.parameters["W1"].shape == (3, 10, 3)
    assert len(set(nets.about["inits"])) == 3
    assert [set(final) for final in nets.about["final"]] == [{"train_loss", "train_accuracy"}] * 3
    assert nets.history["train_loss"].shape == (6, 3)
    assert (nets.history["train_loss"][-1] < nets.history["train_loss"][0]).all()


def test_what_diverged_is_left_out(data, monkeypatch):
    found = {1: Divergence(step=7, kept_step=4)}
    monkeypatch.setattr(population.Population, "diverged", found)
    with pytest.warns(FitNotice, match="1 of 3 members diverged, the first at step 7; they are left out"):
        nets = population.trained(data, given(), seed=0)
    monkeypatch.undo()
    whole = population.trained(data, given(), seed=0)
    np.testing.assert_array_equal(nets.parameters["W1"], whole.parameters["W1"][[0, 2]])
    assert nets.about["inits"] == [whole.about["inits"][m] for m in (0, 2)]


def test_what_callbacks_did_to_members_is_kept(data):
    def step_in(nets):
        if nets.epochs == 2:
            nets.keep(0)
            nets.change(1, learning_rate=0.01)

    about = population.trained(data, given(callbacks=step_in), seed=0).about
    assert (about["epochs"], about["kept_epochs"], about["early_stopping"]) == (5, [2, 5, 5], 0)
    assert about["changed"] == [{}, {"learning_rate": 0.01}, {}]
    assert "changed" not in population.trained(data, given(), seed=0).about


def test_another_seed_is_another_ensemble(data):
    first, again, other = (population.trained(data, given(), seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.parameters["W1"], again.parameters["W1"])
    assert abs(first.parameters["W1"] - other.parameters["W1"]).min() > 0


def test_members_keep_an_l2_of_their_own_beside_what_callbacks_did(data):
    def step_in(nets):
        nets.change(0, learning_rate=0.01)

    nets = population.trained(data, given(l2=None, callbacks=step_in), seed=0)
    assert nets.about["settings"]["l2"] == 0.01
    assert nets.about["changed"] == [
        {"learning_rate": 0.01},
        {"l2": 0.00125},
        {"l2": pytest.approx(0.01 * 8**0.5)},
    ]
    alone = population.trained(data, given(l2=None, members=1), seed=0)
    same = population.trained(data, given(l2=0.01, members=1), seed=0)
    np.testing.assert_array_equal(alone.parameters["b1"], same.parameters["b1"])
