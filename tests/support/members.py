"""Made-up trained nets: a curve and final numbers are all that is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.records.runs import CURVES, METRICS, Best, History, Member


def made_member(
    curve: Sequence[float | None] = (0.0,), of: str = "train_loss", **final: float | None
) -> Member:
    """A net with one curve, 0 in all others, and the final numbers named."""
    other: list[Any] = [0.0] * len(curve)
    curves = dict.fromkeys(CURVES, other) | {of: list(curve)}
    history = History(
        epoch=list(range(len(curve))), step=list(range(len(curve))), learning_rate=other, **curves
    )
    return Member(
        id="x", dataset={}, settings={}, seed=0, history=history, final=dict.fromkeys(METRICS) | final,
        best=Best(epoch=0, val_accuracy=0.0), input_means={}, diverged=None,
    )  # fmt: skip


def made_row(*accuracies: float | None) -> list[Member]:
    """A row of a table, one test accuracy a seed."""
    return [made_member(test_accuracy=accuracy) for accuracy in accuracies]
