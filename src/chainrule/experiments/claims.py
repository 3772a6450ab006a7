"""A report's claims, decided over trained members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from chainrule.experiments.experiment import Claim, Lower, Trend
from chainrule.records import ClaimResult, History, Member

Rows = Mapping[str, Sequence[Member]]
"""The members of every row, one a seed."""

Course = list[float]
"""The finite entries of one run's curve."""


def decide(recipe: str, claim: Claim, rows: Rows) -> ClaimResult:
    """Whether a claim held, and the figures that decided."""
    held, evidence = _trend(claim, rows) if isinstance(claim, Trend) else _lower(claim, rows)
    return ClaimResult(recipe=recipe, text=claim.text, held=held, evidence=evidence)


def _trend(claim: Trend, rows: Rows) -> tuple[bool, str]:
    held, evidence = True, []
    for curve in claim.curves:
        decided = [
            _TRENDS[claim.predicate](
                [_course(member.history, curve, claim.from_epoch) for member in rows[row]]
            )
            for row in claim.rows
        ]
        held &= all(here for here, _ in decided)
        evidence.append(f"{curve} {', '.join(figures for _, figures in decided)}")
    return held, "; ".join(evidence)


def _rises_at_times(courses: Sequence[Course]) -> tuple[bool, str]:
    rises = [int((np.diff(course) > 0).sum()) for course in courses]
    low, high = min(rises), max(rises)
    span = str(low) if low == high else f"{low} to {high}"
    return low > 0, f"rises in {span} of {max(map(len, courses)) - 1} epochs"


def _falls(courses: Sequence[Course]) -> tuple[bool, str]:
    return all(len(course) > 1 and course[-1] < course[0] for course in courses), _ends(courses)


def _rises(courses: Sequence[Course]) -> tuple[bool, str]:
    return all(len(course) > 1 and course[-1] > course[0] for course in courses), _ends(courses)


_TRENDS = {"rises_at_times": _rises_at_times, "falls": _falls, "rises": _rises}


def _ends(courses: Sequence[Course]) -> str:
    """Mean over seeds of the first and the last entry."""
    if not all(courses):
        return "no finite value"
    first, last = (np.mean([course[end] for course in courses]) for end in (0, -1))
    return f"{first:.3f} to {last:.3f}"


def _lower(claim: Lower, rows: Rows) -> tuple[bool, str]:
    low, high = (_mean(claim.quantity, rows[row]) for row in (claim.row, claim.than))
    if low is None or high is None:
        return False, f"{claim.quantity} has no finite value"
    return low < high, f"{claim.quantity} {low:.4f} against {high:.4f}"


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


def _course(history: History, curve: str, from_epoch: int) -> Course:
    pairs = zip(history.epoch, history.curve(curve), strict=True)
    return [value for epoch, value in pairs if epoch >= from_epoch and value is not None]
