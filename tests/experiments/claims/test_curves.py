"""Claims on the course of made-up curves."""

from __future__ import annotations

from typing import Any

import pytest

from chainrule.experiments.claims.base import Decision, Measured
from chainrule.experiments.claims.curves import Flat, SameCurves, Trend, Waves
from support.members import made_member

Curve = list[float | None]


def trend(predicate: Any, *curves: Curve, from_epoch: int = 1) -> Decision:
    claim = Trend(text="t", predicate=predicate, curves=("train_loss",), rows=("a",), from_epoch=from_epoch)
    return claim.decide(Measured({"a": [made_member(curve) for curve in curves]}))


@pytest.mark.parametrize(
    ("predicate", "curve", "held"),
    [
        ("rises_at_times", [9, 3, 2, 2.5, 1], True),
        ("rises_at_times", [1, 3, 2, 1, 1], False),
        ("rises_at_times", [9, None, None, None], False),
        ("falls", [0, 3, 5, 2], True),
        ("falls", [9, 3, 1, 3], False),
        ("falls", [9, 3, 1, 4], False),
        ("falls", [9, 3, 2, None], True),
        ("falls", [9, None, None, None], False),
        ("rises", [9, 1, 0, 2], True),
        ("rises", [0, 1, 3, 1], False),
        ("rises", [0, 2, 3, 1], False),
        ("always_falls", [0, 3, 2, 1], True),
        ("always_falls", [0, 3, 1, 2, 1], False),
        ("always_falls", [0, 3, 3, 2], False),
        ("always_falls", [0, 3], False),
        ("always_rises", [9, 1, 2, 3], True),
        ("always_rises", [9, 1, 3, 2, 4], False),
    ],
)
def test_trends(predicate, curve, held):
    assert trend(predicate, curve).held is held


def test_a_trend_must_hold_for_every_seed():
    assert not trend("falls", [9, 3, 2], [9, 2, 3]).held
    assert not trend("rises_at_times", [9, 3, 4], [9, 3, 2]).held
    assert not trend("always_falls", [9, 3, 2], [9, 2, 2]).held


def test_what_does_not_always_fall_says_in_how_many_epochs_and_with_how_many_seeds():
    told = trend("always_falls", [0, 4, 3, 2, 1], [0, 4, 3, 3.5, 3], [0, 4, 5, 6, 5]).evidence
    assert told == "train_loss falls in 1 to 3 of 3 epochs (in all of them with 1 of 3 seeds)"
    assert trend("always_rises", [0, 1, 2], [0, 1, 3]).evidence == "train_loss rises in 1 of 1 epochs"


def test_the_first_epoch_counted():
    assert trend("falls", [9, 3, 4], from_epoch=0).held
    assert not trend("falls", [9, 3, 4], from_epoch=1).held


def test_flat_curves_stay_within_a_margin():
    claim = Flat(text="t", predicate="flat", curves=("train_loss",), rows=("a",), margin=0.11)

    def flat(*curves: Curve) -> bool | None:
        return claim.decide(Measured({"a": [made_member(curve) for curve in curves]})).held

    assert flat([9, 2.0, 2.05, 2.1, 2.02], [9, 3.0, 3.0, 3.0, 3.0])
    assert flat([9, 2.0, 2.2, 2.0]) is False
    assert flat([9, 2.0, 2.0], [9, 2.0, 1.5]) is False
    assert flat([9, None]) is False


@pytest.mark.parametrize(("curve", "sign"), [("train_loss", 1), ("val_accuracy", -1)])
def test_waves(curve, sign):
    claim = Waves(text="w", predicate="waves", curves=(curve,), rows=("a",), cycle_epochs=4)

    def held(*curves: Curve) -> bool | None:
        signed = [[None if v is None else sign * v for v in values] for values in curves]
        return claim.decide(Measured({"a": [made_member(values, curve) for values in signed]})).held

    wave: Curve = [5, 4, 3, 2, 1, 2, 3, 2, 1]
    assert held(wave)
    assert held(wave, [5, 4, 1, 2, 2, 2, 3, 2, 1])
    assert held(wave, wave, wave)
    assert held(wave, wave, [5, 4, 1, 2, 2.9, 2, 3, 2, 1]) is None
    assert held([5, 4, 3, 2, 1, 2, 1, 2, 3]) is False
    assert held([5, 4]) is False
    assert held(wave, [5, 4, None, None, None, None, None, None, None]) is False


def same(first: list[Curve], second: list[Curve], margin: float = 0.1) -> Decision:
    claim = SameCurves(
        text="t", predicate="same_curves", curves=("train_loss",), row="a", to="b", margin=margin
    )
    members = {
        name: [made_member(curve) for curve in curves] for name, curves in (("a", first), ("b", second))
    }
    return claim.decide(Measured(members))


def test_same_curves_lie_close_after_every_epoch():
    first: list[Curve] = [[9, 2.0, 1.0], [9, 2.1, 1.1], [9, 2.2, 1.2]]
    assert same(first, [[1, 2.01, 1.01], [1, 2.12, 1.1], [1, 2.2, 1.21]]).held
    apart = same(first, [[9, 2.0, 1.5], [9, 2.1, 1.6], [9, 2.2, 1.71]])
    assert apart.held is False
    assert apart.evidence == "train_loss differs by 0.5033 at most (after epoch 2); 0.1 allowed"
    assert same(first, [[9, 2.0, 0.8], [9, 2.1, 1.1], [9, 2.2, 1.4]]).held is None
    assert same(first[:1], [[9, 2.05, 1.0]]).held


def test_curves_are_compared_up_to_where_a_run_diverged():
    assert same([[9, 2.0, None]], [[9, 2.0, 1.0]]).held
    assert same([[9, None, None]], [[9, 2.0, 1.0]]).held is None
