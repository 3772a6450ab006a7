"""Claims decided over made-up members."""

from __future__ import annotations

from typing import Any

import pytest

from chainrule.experiments.claims import decide
from chainrule.experiments.experiment import Lower, Trend
from chainrule.records import Best, History, Member


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
        id="x", dataset={}, settings={}, seed=0, history=history, final=final,
        best=Best(epoch=0, val_accuracy=0.0), input_means={}, diverged=None,
    )  # fmt: skip


def trend(predicate: Any, *curves: list[float | None], from_epoch: int = 1) -> bool:
    claim = Trend(text="t", predicate=predicate, curves=("train_loss",), rows=("a",), from_epoch=from_epoch)
    return decide("r", claim, {"a": [member(curve) for curve in curves]}).held


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
    result = decide("r", claim, {"a": [member([1], **a)], "b": [member([1], **b)]})
    assert result.held is held
    assert result.evidence
