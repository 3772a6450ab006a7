"""Rungs: training stops at an epoch, and goes on from there, with whoever is left."""

from __future__ import annotations

import pytest

from chainrule.work import planner
from chainrule.work.nets import named
from chainrule.work.training import train_all
from support.training import assert_agree, files, nothing, shelved, sweep


def test_a_rung_and_on_from_it(digits, net, site, executor):
    nets = sweep(net, 4)
    straight = train_all(nets, site("straight"), nothing)
    here = site(executor=executor)
    rung = train_all(nets, here, nothing, until=2)
    assert list(rung.members) == list(straight.members)
    # A cluster may count nodes that have just died, and so cut to populations of one.
    assert 1 <= len(shelved(here)) <= 4
    for name, member in rung.members.items():
        assert here.store.find(f"{name}@2") == member
        assert here.store.find(name) is None
        assert (member.history.epoch, member.final["test_accuracy"]) == ([2], None)
    survivors = [nets[2], nets[0]]
    train_all(survivors, here, nothing, until=4)
    ended = train_all(survivors, here, nothing)
    assert_agree(ended.members, {name: straight.members[name] for name in ended.members})
    assert here.store.find(nets[1].id) is None


def test_no_epoch_is_trained_twice_between_rungs(net, site, epochs):
    nets = sweep(net, 4)
    train_all(nets, site(), nothing, until=3)
    train_all(nets[:2], site(), nothing, until=5)
    train_all(nets[:1], site(), nothing, until=99)
    assert [epoch for _, epoch in epochs.seen] == [0, 1, 2, 3, 4, 5]
    assert [len(nets) for nets, _ in epochs.seen] == [4, 4, 4, 2, 2, 1]


@pytest.mark.parametrize("evaluate", ["curves", "validation"])
def test_a_rung_on_the_way_changes_no_bit(net, site, evaluate):
    nets = sweep(net, 4, evaluate=evaluate)
    one, other = site("one"), site("other")
    train_all(nets, one, nothing)
    train_all(nets, other, nothing, until=1)
    train_all(nets, other, nothing, until=4)
    train_all(nets, other, nothing)
    rungs = {name for name in files(other) if "@" in name.name}
    assert len(rungs) == 8
    assert {name: data for name, data in files(other).items() if name not in rungs} == files(one)


def test_a_rung_before_the_checkpoint_starts_anew(net, site, epochs):
    nets = sweep(net, 2)
    train_all(nets, site(), nothing, until=4)
    train_all(nets, site(), nothing, until=1)
    assert [epoch for _, epoch in epochs.seen] == [0, 1, 2, 3, 0]


def test_a_rung_at_or_beyond_the_end_is_the_end(digits, net, site):
    nets = [*sweep(net, 2), named(digits, net(epochs=3), 0)]
    outcome = train_all(nets, site(), nothing, until=3)
    assert [member.id.partition("@")[2] for member in outcome.members.values()] == ["3", "3", ""]


def test_survivors_of_several_populations_are_packed(net, site, epochs, small_populations, monkeypatch):
    nets = sweep(net, 6)
    straight = train_all(nets, site("straight"), nothing)
    epochs.forget()
    train_all(nets, site(), nothing, until=2)
    assert [len(nets) for nets, _ in epochs.seen] == [2, 2, 2, 2, 2, 2]
    epochs.forget()
    monkeypatch.setattr(planner, "UNITS", 8000)
    survivors = [nets[5], nets[0], nets[4]]
    ended = train_all(survivors, site(), nothing)
    assert epochs.seen == [([0.005, 0.0, 0.004], epoch) for epoch in (2, 3, 4, 5)]
    assert_agree(ended.members, {name: straight.members[name] for name in ended.members})
