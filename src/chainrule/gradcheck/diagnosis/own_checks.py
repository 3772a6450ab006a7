"""What else a user may hand in beside the gradient: a numeric gradient of their own, and the update step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.numeric_check import CHECK_ALIASED, PERTURBATION_NOT_UNDONE, WRONG_STEP
from chainrule.gradcheck.catalogue.update import GAMMA_BETA_SWAPPED_IN_UPDATE, LAYER_NOT_UPDATED
from chainrule.gradcheck.diagnosis import lines, mending
from chainrule.gradcheck.numeric.comparison import difference
from chainrule.gradcheck.numeric.hygiene import mutated
from chainrule.gradcheck.numeric.point import Point, matched
from chainrule.gradcheck.program.subject import Subject
from chainrule.gradcheck.result import Cause, Line

_ROUGH = 1e-3
"""How far a student's own numeric gradient may be off: forward differences with a step of 1e-3 reach this."""

_SURE = 0.95
_ABOUT = 1e-2
_RATE = 0.0625


def own_numeric(subject: Subject, names: Sequence[str], points: Sequence[Point]) -> list[Cause]:
    """What is wrong with the user's own numeric gradient; several where it cannot be told, empty when right.

    Right at one of the points is right: at another a step may have crossed a kink.
    """
    found = []
    for point in points:
        found.append(_own_numeric_at(subject, names, point))
        if not found[-1]:
            return []
    return [mending.on_line(cause, _line(subject, names, points[0], cause)) for cause in found[0]]


def _line(subject: Subject, names: Sequence[str], point: Point, cause: Cause) -> Line | None:
    """Where the step is set, for a step of a wrong size; else where the quotient is formed."""
    if cause.name == WRONG_STEP.name and not any(word in cause.evidence for word in ("twice", "half")):
        return lines.of_step(subject)
    theirs = matched(names, point.arrays, subject.numeric(point.arrays, point.data))
    entries = theirs[names.index(cause.tensors[0])].reshape(-1)
    return lines.of_quotient(subject, point.arrays, point.data, float(entries[np.abs(entries).argmax()]))


def _own_numeric_at(subject: Subject, names: Sequence[str], point: Point) -> list[Cause]:
    returned = subject.numeric(point.arrays, point.data)
    theirs = matched(names, point.arrays, returned)
    ours = point.compared.numeric
    if mutated(names, point.arrays, returned) is not None:
        return [PERTURBATION_NOT_UNDONE.cause(names, _SURE, "the parameters are not what they were after it")]
    off = [
        name for name, a, b in zip(names, theirs, ours, strict=True) if difference(a, b, point.floor) > _ROUGH
    ]
    if not off:
        return []
    if not any(a.any() for a in theirs):
        words = "it is 0 everywhere: "
        return [
            CHECK_ALIASED.cause(
                off, _SURE, f"{words}both costs of a difference are taken at the same parameters"
            ),
            WRONG_STEP.cause(
                off, _SURE, f"{words}the step vanishes, as 1e-8 does beside 1 in single precision"
            ),
        ]
    if _drifts(theirs, ours):
        words = "its error grows from entry to entry: moved entries stay moved"
        return [PERTURBATION_NOT_UNDONE.cause(off, _SURE, words)]
    wrong = [i for i, name in enumerate(names) if name in off]
    return _scaled_step(off, _common_factor([theirs[i] for i in wrong], [ours[i] for i in wrong]))


def _scaled_step(names: Sequence[str], factor: float | None) -> list[Cause]:
    if factor is not None and abs(factor - 2) < _ABOUT:
        words = "it is twice the derivative: a central difference is divided by 2 h, not h"
        return [WRONG_STEP.cause(names, _SURE, words)]
    if factor is not None and abs(factor - 0.5) < _ABOUT:
        words = "it is half the derivative: "
        return [
            CHECK_ALIASED.cause(
                names, _SURE, f"{words}the difference is taken from parameters already moved"
            ),
            WRONG_STEP.cause(names, _SURE, f"{words}a forward difference is divided by h, not 2 h"),
        ]
    shown = f"{factor:.4g} x the derivative" if factor is not None else "it differs from the derivative"
    words = f"{shown}: the step is too large or too small, or not what it is divided by"
    return [WRONG_STEP.cause(names, _SURE, words)]


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


def update(subject: Subject, names: Sequence[str], point: Point) -> Cause | None:
    """What is wrong with one step of gradient descent; None when it is p - rate g."""
    gradient = point.compared.numeric
    # So that no tensor stays where it is, and no two of one shape move alike.
    given = [g + 0.01 * (i + 1) for i, g in enumerate(gradient)]
    new = subject.update(point.arrays, given, _RATE)
    if len(new) != len(names):
        return WRONG_STEP.cause(names, _SURE, f"it gives {len(new)} arrays for {len(names)} parameters")
    moves = [
        np.reshape(b, a.shape) - a if b.size == a.size else None
        for a, b in zip(point.arrays, new, strict=True)
    ]
    wrong = [
        i
        for i, (m, g) in enumerate(zip(moves, given, strict=True))
        if m is None or not np.allclose(m, -_RATE * g, 1e-6)
    ]
    if not wrong:
        return None
    off = [names[i] for i in wrong]
    first, shape = new[wrong[0]], point.arrays[wrong[0]].shape
    formed = np.reshape(first, shape) if moves[wrong[0]] is not None else first
    line = lines.of_update(subject, point.arrays, given, _RATE, formed)
    return mending.on_line(_of_update(wrong, off, moves, given), line)


def _of_update(
    wrong: Sequence[int], off: Sequence[str], moves: Sequence[Array | None], given: Sequence[Array]
) -> Cause:
    still = [
        name for i, name in zip(wrong, off, strict=True) if moves[i] is not None and not np.any(moves[i])
    ]
    if still:
        return LAYER_NOT_UPDATED.cause(still, _SURE, f"{', '.join(still)}: the same after the step as before")
    if _swapped(wrong, moves, given):
        return GAMMA_BETA_SWAPPED_IN_UPDATE.cause(
            off, _SURE, f"{' and '.join(off)} each move by the other's gradient"
        )
    return WRONG_STEP.cause(off, _SURE, _how(moves[wrong[0]], given[wrong[0]], off[0]))


def _swapped(wrong: Sequence[int], moves: Sequence[Array | None], given: Sequence[Array]) -> bool:
    """Every wrong tensor moves by the gradient of another wrong one."""

    def moves_by(i: int, j: int) -> bool:
        move = moves[i]
        return (
            move is not None
            and move.size == given[j].size
            and np.allclose(move.reshape(-1), -_RATE * given[j].reshape(-1), 1e-6)
        )

    return len(wrong) > 1 and all(any(moves_by(i, j) for j in wrong if j != i) for i in wrong)


def _how(move: Array | None, gradient: Array, name: str) -> str:
    if move is None:
        return f"{name}: has another shape after the step"
    factor = float(np.vdot(move, gradient) / np.vdot(gradient, gradient)) / _RATE
    if np.allclose(move, factor * _RATE * gradient, 1e-6):
        return f"{name}: moves by {factor:+.4g} x rate x gradient, not by -1 x"
    return f"{name}: does not move by -rate x gradient"
