"""Successive halving: rungs, who climbs them, who is left behind."""

from __future__ import annotations

import pytest

from support.searching import L2
from support.strategies import EPOCHS, accuracy, answered, space, strategy


def test_halving_keeps_the_best_part_at_every_rung():
    one = strategy(kind="halving", trials=27, min_epochs=3)
    where = space(l2=L2)
    assert one.rungs(EPOCHS) == [3, 9, 27]
    told = answered(one, where)
    climbed = {n: sorted(each.number for each in told if len(each.rungs) > n) for n in range(3)}
    assert [len(climbed[n]) for n in range(3)] == [27, 9, 3]
    order = sorted(told, key=lambda each: -accuracy(each.values))
    assert climbed[1] == sorted(each.number for each in order[:9])
    assert climbed[2] == sorted(each.number for each in order[:3])
    assert [tuple(stage) for stage in one.stages(where, EPOCHS)] == [(27, 0, 3), (9, 3, 9), (3, 9, 27)]
    assert {each.state for each in told} == {"complete", "pruned"}


@pytest.mark.parametrize(
    ("change", "rungs"),
    [({}, [1, 3, 9, 27]), ({"eta": 2}, [1, 2, 4, 8, 16, 27]), ({"min_epochs": 2}, [2, 6, 18, 27])],
)
def test_rungs_follow_eta_and_the_first_one(change, rungs):
    assert strategy(kind="halving", trials=9, **change).rungs(EPOCHS) == rungs


def test_halving_starts_every_combination_of_lists_and_drops_what_diverged():
    where = space(l2=[1e-4, 1e-3, 1e-2], learning_rate=[0.1, 0.2])
    one = strategy(kind="halving", eta=2, min_epochs=9)
    told = answered(one, where, score=lambda values: None if values["learning_rate"] == 0.2 else 0.1)
    assert len(told) == 6
    assert {each.values["learning_rate"] for each in told if len(each.rungs) > 1} == {0.1}
    gone = answered(one, where, score=lambda values: None)
    assert {len(each.rungs) for each in gone} == {1}
