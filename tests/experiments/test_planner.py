"""Populations: everything asked for, each once, and only what can be trained together together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chainrule.config import Settings
from chainrule.data import datasets
from chainrule.experiments.planner import ROWS, member_id, plan
from chainrule.train.population import SHARED

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


@given(st.lists(settings, min_size=1, max_size=60), st.integers(1, 3))
def test_a_plan(wanted, seeds):
    nets = [(one, seed) for one in wanted for seed in range(seeds)]
    populations = plan(DIGITS, nets)
    members = [(name, one, p.seed) for p in populations for name, one in p.members.items()]
    names = [name for name, _, _ in members]
    assert len(set(names)) == len(names)
    assert set(names) == {member_id(DIGITS, one, seed) for one in wanted for seed in range(seeds)}
    assert all(name == member_id(DIGITS, one, seed) for name, one, seed in members)
    for population in populations:
        shared = {tuple(getattr(one, key) for key in SHARED) for one in population.members.values()}
        assert len(shared) == 1
        width = (*next(iter(population.members.values())).hidden, 10)[0]
        assert width * len(population.members) <= ROWS or len(population.members) == 1
    assert populations == plan(DIGITS, nets)


@given(settings, st.integers(0, 5))
def test_a_member_s_name_depends_on_all_that_matters(one, seed):
    name = member_id(DIGITS, one, seed)
    assert member_id(DIGITS, one, seed + 1) != name
    assert member_id(DIGITS, one.model_copy(update={"l2": one.l2 + 1}), seed) != name
    assert member_id(DIGITS, Settings.model_validate(one.model_dump()), seed) == name
