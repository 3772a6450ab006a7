"""Populations: everything asked for, each once, and only what can be trained together together."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data import datasets
from chainrule.settings.settings import Settings
from chainrule.train.sharing import SHARED
from chainrule.work.nets import NamedNet, named
from chainrule.work.planner import UNITS, WEIGHTS, cost, plan

DIGITS = datasets.load("digits")

settings = st.builds(
    Settings,
    train=st.sampled_from(["data_batch_1", 500]),
    val=st.just("data_batch_5"),
    test=st.just("test_batch"),
    preprocess=st.sampled_from(["center", "standardize"]),
    hidden=st.sampled_from([(), (50,), (500, 10)]),
    init=st.sampled_from(["he", "xavier"]),
    batch_size=st.sampled_from([10, 20]),
    epochs=st.sampled_from([1, 2]),
    shuffle=st.booleans(),
    learning_rate=st.sampled_from([0.1, 0.2]),
    l2=st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.4]),
)


@given(st.lists(settings, min_size=1, max_size=60), st.integers(1, 3), st.integers(1, 5))
def test_a_plan(wanted, seeds, workers):
    nets = [named(DIGITS, one, seed) for one in wanted for seed in range(seeds)]
    populations = plan(DIGITS, nets, workers)
    members = [
        (name, one, seed)
        for p in populations
        for (name, one), seed in zip(p.members.items(), p.seeds, strict=True)
    ]
    names = [name for name, _, _ in members]
    assert len(set(names)) == len(names)
    assert set(names) == {net.id for net in nets}
    assert all(name == named(DIGITS, one, seed).id for name, one, seed in members)
    for population in populations:
        shared = {tuple(getattr(one, key) for key in SHARED) for one in population.members.values()}
        assert len(shared) == 1
        hidden = next(iter(population.members.values())).hidden
        count = len(population.members)
        assert count == 1 or 64 * (*hidden, 10)[0] * count <= WEIGHTS
        assert count == 1 or sum((*hidden, 10)) * count <= UNITS
    assert populations == plan(DIGITS, nets, workers)


def sweep(values: int, seeds: int, **own) -> list[NamedNet]:
    return [named(DIGITS, one_net(l2=l2 / 100, **own), seed) for seed in range(seeds) for l2 in range(values)]


def one_net(**own) -> Settings:
    common = {
        "train": "data_batch_1", "val": "data_batch_5", "test": "test_batch", "preprocess": "center", "hidden": [50],
        "init": "he", "batch_size": 20, "epochs": 1, "shuffle": True, "learning_rate": 0.1,
    }  # fmt: skip
    return Settings.model_validate(common | own)


@pytest.mark.parametrize(
    ("values", "seeds", "workers", "sizes"),
    [
        (8, 5, 1, [8, 8, 8, 8, 8]),
        (8, 4, 2, [8, 8, 8, 8]),
        (8, 5, 2, [8, 8, 8, 8, 4, 4]),
        (8, 1, 2, [4, 4]),
        (8, 5, 4, [8, 8, 8, 8, 2, 2, 2, 2]),
        (1, 3, 2, [1, 1, 1]),
    ],
)
def test_workers_end_together(values, seeds, workers, sizes):
    assert [len(p.members) for p in plan(DIGITS, sweep(values, seeds), workers)] == sizes


def test_seeds_that_share_their_order_share_a_population():
    (population,) = plan(DIGITS, sweep(2, 3, order="shared"))
    assert population.seeds == (0, 0, 1, 1, 2, 2)
    cut = plan(DIGITS, sweep(8, 5, order="shared"), 2)
    assert sorted(seed for part in cut for seed in part.seeds) == sorted([0, 1, 2, 3, 4] * 8)
    assert all(
        name == named(DIGITS, one, seed).id
        for part in cut
        for (name, one), seed in zip(part.members.items(), part.seeds, strict=True)
    )


def test_what_does_not_pay_is_not_cut():
    # Two nets as small as these take about as long together as one does.
    assert len(plan(DIGITS, sweep(2, 1, hidden=[2]), 2)) == 1
    assert len(plan(DIGITS, sweep(2, 1, hidden=[500]), 2)) == 2


def test_a_population_is_cut_where_it_outgrows_the_cache():
    assert len(plan(DIGITS, sweep(400, 1, hidden=[100]))) == -(-400 // (UNITS // 110))


def test_what_the_layers_train_costs_more():
    (population,) = plan(DIGITS, sweep(2, 1))
    slow, fast = (
        cost(dataclasses.replace(population, engine=name), DIGITS, 3) for name in ("layers", "compiled")
    )
    assert 2 < slow / fast < 5


def test_the_most_work_comes_first():
    long, short = one_net(epochs=9), one_net(epochs=1)
    first, second = plan(DIGITS, [named(DIGITS, short, 0), named(DIGITS, long, 0)])
    assert (*first.members.values(), *second.members.values()) == (long, short)


def threads(workers: int, *nets: tuple[Settings, int]) -> list[int]:
    return [one.threads for one in plan(DIGITS, [named(DIGITS, *net) for net in nets], workers)]


@pytest.mark.parametrize(("workers", "expected"), [(1, [1]), (2, [2]), (4, [4]), (64, [6])], ids=str)
def test_a_lone_wide_net_gets_the_cores_that_are_free_and_no_more_than_it_can_use(workers, expected):
    # 64 inputs, 5000 units, 100 samples a minibatch: 32 million multiply-adds.
    wide = one_net(hidden=[5000], batch_size=100)
    assert threads(workers, (wide, 0)) == expected


def test_free_cores_are_shared_out():
    wide = one_net(hidden=[5000], batch_size=100)
    assert threads(5, (wide, 0), (wide, 1)) == [2, 2]
    assert threads(2, (wide, 0), (wide, 1), (wide, 2)) == [1, 1, 1]


def test_a_small_net_gets_one_thread():
    assert threads(8, (one_net(), 0)) == [1]


def test_what_counts_is_the_minibatch_as_it_is():
    # Of 300 training images no minibatch of 10,000 can be made.
    assert threads(8, (one_net(hidden=[500], train=300, batch_size=10_000), 0)) == [1]
