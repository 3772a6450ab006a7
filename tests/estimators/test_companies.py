"""Members that train as one: who does, and that leaving, changing and forking leaves the others as they are."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.tables import from_arrays
from chainrule.estimators.companies import Companies, member_settings

SETTINGS = {
    "train": "train", "val": "val", "test": "test", "preprocess": "standardize", "hidden": [6], "init": "he",
    "batch_size": 16, "epochs": 4, "shuffle": True, "learning_rate": 0.02, "optimizer": {"momentum": 0.9},
}  # fmt: skip


@pytest.fixture(scope="module")
def data(table):
    return from_arrays(*table, val=0.25)


def companies(data, seeds, orders, **others):
    return Companies([member_settings(SETTINGS | others)] * len(seeds), seeds, orders, data)


def trained(together, epochs=2):
    for _ in range(epochs):
        together.epoch()
    return together


def same(one, m, other, n):
    return np.allclose(one.weights(m)["W1"], other.weights(n)["W1"], rtol=1e-4, atol=1e-6)


def test_minibatches_are_those_of_an_order_not_of_a_seed(data):
    apart, together = trained(companies(data, [5, 6], [5, 6])), trained(companies(data, [5, 6], [5, 5]))
    assert same(apart, 0, together, 0)
    assert not same(apart, 1, together, 1)
    assert same(apart, 1, trained(companies(data, [6], [6])), 0)


def test_who_stays_goes_on_with_what_the_optimizer_knows(data):
    alone, several = trained(companies(data, [5], [0])), trained(companies(data, [6, 5, 7], [0, 0, 1]), 1)
    several.leave([0, 2])
    assert several.members == [1]
    assert same(trained(several, 1), 1, alone, 0)
    assert np.isnan(several.latest(["val_loss"])["val_loss"]).tolist() == [True, False, True]


def test_who_is_changed_or_forked_leaves_the_others_as_they_are(data):
    alone, several = trained(companies(data, [5], [0])), trained(companies(data, [5, 6], [0, 0]), 1)
    other = member_settings(several.settings[1], {"learning_rate": 1.0})
    several.change({1: other})
    assert several.fork(0, other) == 2
    assert same(several, 2, several, 0)
    assert several.seeds == [5, 6, 5]
    trained(several, 1)
    assert same(several, 0, alone, 0)
    assert not same(several, 2, alone, 0)


def test_who_diverged_is_known_by_its_number(data):
    several = Companies(
        [member_settings(SETTINGS), member_settings(SETTINGS, {"learning_rate": 1e25})], [5, 6], [5, 6], data
    )
    assert list(trained(several).diverged) == [1]
