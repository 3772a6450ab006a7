"""A report's claims, decided over trained members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from chainrule.experiments.experiment import Claim, Lower, Trend
from chainrule.records import ClaimResult, History, Member

Rows = Mapping[str, Sequence[Member]]
"""The members of every row, one a seed."""


def decide(recipe: str, claim: Claim, rows: Rows) -> ClaimResult:
    """Whether a claim held, and the figures that decided."""
    held, evidence = _trend(claim, rows) if isinstance(claim, Trend) else _lower(claim, rows)
    return ClaimResult(recipe=recipe, text=claim.text, held=held, evidence=evidence)


def _trend(claim: Trend, rows: Rows) -> tuple[bool, str]:
    held, evidence = True, []
    for row in claim.rows:
        for curve in claim.curves:
            courses = [_course(member.history, curve, claim.from_epoch) for member in rows[row]]
            if claim.predicate == "rises_at_times":
                rises = [int((np.diff(course) > 0).sum()) for course in courses]
                held &= min(rises) > 0
                evidence.append(f"{row}: {curve} rises in {_span(rises)} of {len(courses[0]) - 1} epochs")
            else:
                sign = -1 if claim.predicate == "falls" else 1
                held &= all(len(course) > 1 and sign * (course[-1] - course[0]) > 0 for course in courses)
                first, last = (np.mean([course[i] for course in courses if course]) for i in (0, -1))
                evidence.append(f"{row}: {curve} {first:.4f} to {last:.4f}")
    return held, "; ".join(evidence)


def _lower(claim: Lower, rows: Rows) -> tuple[bool, str]:
    low, high = (_mean(claim.quantity, rows[row]) for row in (claim.row, claim.than))
    if low is None or high is None:
        return False, f"{claim.quantity}: no finite value"
    return low < high, f"{claim.quantity}: {low:.4f} against {high:.4f}"


def _mean(quantity: str, members: Sequence[Member]) -> float | None:
    values = [_quantity(quantity, member.final) for member in members]
    finite = [value for value in values if value is not None]
    return float(np.mean(finite)) if len(finite) == len(values) else None


def _quantity(quantity: str, final: Mapping[str, float | None]) -> float | None:
    pairs = {
        "loss_gap": ("val_loss", "train_loss"),
        "accuracy_gap": ("train_accuracy", "val_accuracy"),
    }
    if quantity not in pairs:
        return final[quantity]
    more, less = (final[name] for name in pairs[quantity])
    return None if more is None or less is None else more - less


def _course(history: History, curve: str, from_epoch: int) -> list[float]:
    """The finite entries of a curve from an epoch on."""
    pairs = zip(history.epoch, history.curve(curve), strict=True)
    return [value for epoch, value in pairs if epoch >= from_epoch and value is not None]


def _span(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"
