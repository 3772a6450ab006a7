"""The tree-structured Parzen estimator: optuna's, resumed and seeded as the search is."""

from __future__ import annotations

from typing import Any

import numpy as np
import optuna

from chainrule.searches.dimensions import key
from support.searching import L2
from support.strategies import BOTH, EPOCHS, answered, space, strategy


def test_tpe_goes_where_trials_did_well():
    where = space(l2=L2, learning_rate={"low": 0.01, "high": 1.0, "log": True})
    one = strategy(kind="tpe", trials=60, batch=4, startup=12)
    told = answered(one, where)
    first, last = told[:12], told[-20:]
    assert np.mean([each.mean for each in last]) > np.mean([each.mean for each in first])
    # Turned round, it goes elsewhere: losses are made small.
    turned = answered(one.model_copy(update={"metric": "val_loss"}), where)
    assert np.mean([each.mean for each in turned[-20:]]) < np.mean([each.mean for each in last])


def test_a_resumed_tpe_asks_what_an_uninterrupted_one_would_have():
    where, one = space(**BOTH), strategy(kind="tpe", trials=20, batch=3, startup=5)
    whole = answered(one, where)
    for end in (5, 8, 17):
        batch = one.ask(where, whole[:end], 0, EPOCHS)
        assert batch.fresh == [each.values for each in whole[end : end + 3]]


def test_the_sampler_s_seed_is_that_of_the_search_and_the_batch(monkeypatch):
    seeds: list[int] = []
    real = optuna.samplers.TPESampler

    def sampler(**named: Any) -> Any:
        assert (named["multivariate"], named["constant_liar"]) == (True, True)
        seeds.append(named["seed"])
        return real(**named)

    monkeypatch.setattr(optuna.samplers, "TPESampler", sampler)
    for seed in (0, 1, 0):
        answered(strategy(kind="tpe", trials=11, batch=3, startup=2), space(**BOTH), seed)
    assert len(seeds) == 9
    assert len(set(seeds)) == 6
    assert seeds[:3] == seeds[6:]


def test_tpe_takes_trials_without_a_mean_and_ends_with_a_small_space():
    where = space(learning_rate=[0.1, 0.2, 0.4], l2=[0.1, 0.2])
    told = answered(
        strategy(kind="tpe", trials=6, batch=2, startup=2),
        where,
        score=lambda v: None if v["l2"] == 0.1 else 0.5,
    )
    assert len({key(each.values) for each in told}) == 6
