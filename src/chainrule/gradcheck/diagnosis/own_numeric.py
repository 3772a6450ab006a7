"""The numeric gradient that a user hands in beside the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.numeric_check import CHECK_ALIASED, PERTURBATION_NOT_UNDONE, WRONG_STEP
from chainrule.gradcheck.diagnosis import lines
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.numeric.comparison import difference
from chainrule.gradcheck.numeric.hygiene import mutated
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause, Line

_ROUGH = 1e-3
"""How far a student's own numeric gradient may be off: forward differences with a step of 1e-3 reach this."""

_SURE = 0.95
_ABOUT = 1e-2


class _Suspect(NamedTuple):
    """A cause, and whether it lies in the size of the step rather than in the quotient."""

    cause: Cause
    in_step: bool = False


def findings(points: Sequence[CheckedPoint]) -> list[Finding]:
    """What is wrong with the user's own numeric gradient; several where it cannot be told, empty when right.

    Right at one of the points is right: at another a step may have crossed a kink.
    """
    given = points[0].point
    suspects = _suspects(points[0])
    # Elsewhere it is asked only where it is off at the given point: a numeric gradient takes its time.
    if not all(_suspects(checked) for checked in points[1:] if suspects):
        return []
    return [Finding(s.cause, "numeric check", partial(_line, given, s)) for s in suspects]


def _line(point: Point, suspect: _Suspect) -> Line | None:
    """Where the step is set, for a step of a wrong size; else where the quotient is formed."""
    if suspect.in_step:
        return lines.of_step(point)
    theirs = point.gradient(function="numeric")
    entries = theirs[point.names.index(suspect.cause.tensors[0])].reshape(-1)
    return lines.of_quotient(point, float(entries[np.abs(entries).argmax()]))


def _suspects(checked: CheckedPoint) -> list[_Suspect]:
    returned = checked.point.returned(function="numeric")
    theirs, ours, names = checked.point.matched(returned), checked.numeric, checked.point.names
    if mutated(checked.point, returned) is not None:
        words = "the parameters are not what they were after it"
        return [_Suspect(PERTURBATION_NOT_UNDONE.cause(names, _SURE, words))]
    asked = [a != 0 if any(g.any() for g in theirs) else np.full(a.shape, True) for a in theirs]
    pairs = enumerate(zip(theirs, ours, asked, strict=True))
    # Differences may be taken of some entries alone: the others stay 0.
    wrong = [i for i, (a, b, at) in pairs if difference(a[at], b[at], checked.floor) > _ROUGH]
    off = [names[i] for i in wrong]
    if not wrong:
        return []
    if not any(a.any() for a in theirs):
        aliased = "it is 0 everywhere: both costs of a difference are taken at the same parameters"
        vanishing = "it is 0 everywhere: the step vanishes, as 1e-8 does beside 1 in single precision"
        return [
            _Suspect(CHECK_ALIASED.cause(off, _SURE, aliased)),
            _Suspect(WRONG_STEP.cause(off, _SURE, vanishing), in_step=True),
        ]
    if _drifts(theirs, ours):
        words = "its error grows from entry to entry: moved entries stay moved"
        return [_Suspect(PERTURBATION_NOT_UNDONE.cause(off, _SURE, words))]
    return _scaled_step(off, _common_factor([theirs[i] for i in wrong], [ours[i] for i in wrong]))


def _scaled_step(names: Sequence[str], factor: float | None) -> list[_Suspect]:
    if factor is not None and abs(factor - 2) < _ABOUT:
        words = "it is twice the derivative: a central difference is divided by 2 h, not h"
        return [_Suspect(WRONG_STEP.cause(names, _SURE, words))]
    if factor is not None and abs(factor - 0.5) < _ABOUT:
        aliased = "it is half the derivative: the difference is taken from parameters already moved"
        forward = "it is half the derivative: a forward difference is divided by h, not 2 h"
        return [
            _Suspect(CHECK_ALIASED.cause(names, _SURE, aliased)),
            _Suspect(WRONG_STEP.cause(names, _SURE, forward)),
        ]
    shown = f"{factor:.4g} x the derivative" if factor is not None else "it differs from the derivative"
    words = f"{shown}: the step is too large or too small, or not what it is divided by"
    return [_Suspect(WRONG_STEP.cause(names, _SURE, words), in_step=True)]


def _common_factor(theirs: Sequence[Array], ours: Sequence[Array]) -> float | None:
    a: Array = np.concatenate([x.reshape(-1) for x in theirs]).astype(float)
    b: Array = np.concatenate([x.reshape(-1) for x in ours])
    if not b.any() or not np.isfinite(a).all():
        return None
    k = float(a @ b / (b @ b))
    rest, size = float(np.linalg.norm(a - k * b)), float(np.linalg.norm(a))
    return k if rest <= 1e-2 * size else None


def _drifts(theirs: Sequence[Array], ours: Sequence[Array]) -> bool:
    """Whether entries stay moved: the error is nothing at the first entry and grows from there, or each entry is the
    sum of the derivatives so far, where the cost in front of the step is not computed again."""
    flat = [(a.reshape(-1).astype(float), b.reshape(-1)) for a, b in zip(theirs, ours, strict=True)]
    several = [(a, b) for a, b in flat if b.size > 1]
    if several and all(np.linalg.norm(np.diff(a) - b[1:]) <= _ROUGH * np.linalg.norm(b) for a, b in several):
        return True
    error = np.concatenate([np.abs(a - b) for a, b in flat])
    half = len(error) // 2
    return half > 2 and bool(
        error[half:].mean() > 1.5 * error[:half].mean() and error[0] < 1e-3 * error.max()
    )
