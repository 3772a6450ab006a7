"""Claims decided over made-up members."""

from __future__ import annotations

from typing import Any

import pytest

from chainrule.experiments.claims import About, Close, GainsMore, Lower, Measured, Trend, Waves
from chainrule.records.runs import METRICS, Best, History, Member


def member(curve: list[float | None], **final: float | None) -> Member:
    other: list[Any] = [0.0] * len(curve)
    curves = dict.fromkeys(("train_cost", "train_accuracy", "val_loss", "val_cost", "val_accuracy"), other)
    history = History(
        epoch=list(range(len(curve))),
        step=list(range(len(curve))),
        learning_rate=other,
        train_loss=curve,
        **curves,
    )
    return Member(
        id="x", dataset={}, settings={}, seed=0, history=history, final=dict.fromkeys(METRICS) | final,
        best=Best(epoch=0, val_accuracy=0.0), input_means={}, diverged=None,
    )  # fmt: skip


def trend(predicate: Any, *curves: list[float | None], from_epoch: int = 1) -> bool:
    claim = Trend(text="t", predicate=predicate, curves=("train_loss",), rows=("a",), from_epoch=from_epoch)
    return claim.decide(Measured({"a": [member(curve) for curve in curves]}, {})).held


@pytest.mark.parametrize(
    ("predicate", "curve", "held"),
    [
        ("rises_at_times", [9, 3, 2, 2.5, 1], True),
        ("rises_at_times", [1, 3, 2, 1, 1], False),
        ("falls", [0, 3, 5, 2], True),
        ("falls", [9, 3, 1, 3], False),
        ("falls", [9, 3, 1, 4], False),
        ("rises", [9, 3, 1, 4], True),
        ("rises", [0, 3, 9, 2], False),
        ("falls", [9, 3, 2, None], True),
        ("falls", [9, None, None, None], False),
        ("rises_at_times", [9, None, None, None], False),
    ],
)
def test_trends(predicate, curve, held):
    assert trend(predicate, curve) is held


def test_a_trend_must_hold_for_every_seed():
    assert not trend("falls", [9, 3, 2], [9, 2, 3])
    assert not trend("rises_at_times", [9, 3, 4], [9, 3, 2])


def test_the_first_epoch_counted():
    assert trend("falls", [9, 3, 4], from_epoch=0)
    assert not trend("falls", [9, 3, 4], from_epoch=1)


@pytest.mark.parametrize(
    ("quantity", "a", "b", "held"),
    [
        ("test_accuracy", {"test_accuracy": 0.2}, {"test_accuracy": 0.3}, True),
        ("test_accuracy", {"test_accuracy": 0.3}, {"test_accuracy": 0.3}, False),
        ("test_accuracy", {"test_accuracy": None}, {"test_accuracy": 0.3}, False),
        ("loss_gap", {"val_loss": 2.0, "train_loss": 1.9}, {"val_loss": 2.0, "train_loss": 1.5}, True),
        ("loss_gap", {"val_loss": 2.0, "train_loss": 1.0}, {"val_loss": 2.0, "train_loss": 1.5}, False),
        (
            "accuracy_gap",
            {"val_accuracy": 0.4, "train_accuracy": 0.5},
            {"val_accuracy": 0.4, "train_accuracy": 0.6},
            True,
        ),
    ],
)
def test_lower(quantity, a, b, held):
    claim = Lower(text="t", predicate="lower", quantity=quantity, row="a", than="b")
    result = claim.decide(Measured({"a": [member([1], **a)], "b": [member([1], **b)]}, {}))
    assert result.held is held
    assert result.evidence


def test_waves():
    claim = Waves(text="w", predicate="waves", curves=("train_loss",), rows=("a",), cycle_epochs=4)

    def held(*curves: list[float | None]) -> bool:
        return claim.decide(Measured({"a": [member(curve) for curve in curves]}, {})).held

    assert held([5, 4, 3, 2, 1, 2, 3, 2, 1])
    assert held([5, 4, 3, 2, 1, 2, 3, 2, 1], [5, 4, 1, 2, 2, 2, 3, 2, 1])
    assert not held([5, 4, 3, 2, 1, 2, 1, 2, 3])
    assert not held([5, 4])
    assert not held([5, 4, 3, 2, 1, 2, 3, 2, 1], [5, 4, None, None, None, None, None, None, None])


def four(**values: float) -> Measured:
    return Measured({name: [member([1], test_accuracy=value)] for name, value in values.items()}, {})


def test_close_about_and_gains_more():
    close = Close(text="c", predicate="close", quantity="test_accuracy", row="a", to="b", within=0.02)
    assert close.decide(four(a=0.50, b=0.515)).held
    assert not close.decide(four(a=0.50, b=0.525)).held
    about = About(
        text="c", predicate="about", quantity="test_accuracy", rows=("a", "b"), value=0.5, within=0.02
    )
    assert about.decide(four(a=0.50, b=0.515)).held
    assert not about.decide(four(a=0.50, b=0.525)).held
    gains = GainsMore(
        text="g", predicate="gains_more", quantity="test_accuracy", row="a", base="b", than="c", than_base="d"
    )
    assert gains.decide(four(a=0.5, b=0.4, c=0.5, d=0.45)).held
    assert not gains.decide(four(a=0.5, b=0.45, c=0.5, d=0.4)).held


def test_best_scores_of_searches():
    claim = Lower(text="t", predicate="lower", quantity="val_accuracy", row="coarse", than="fine")
    assert claim.decide(Measured({}, {"coarse": [0.5, 0.5], "fine": [0.49, 0.52]})).held
    assert not claim.decide(Measured({}, {"coarse": [0.5, 0.5], "fine": [0.49, 0.50]})).held
