"""The update step that a user hands in beside the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.numeric_check import WRONG_STEP
from chainrule.gradcheck.catalogue.update import GAMMA_BETA_SWAPPED_IN_UPDATE, LAYER_NOT_UPDATED
from chainrule.gradcheck.diagnosis import lines
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.result import Cause

_SURE = 0.95
_RATE = 0.0625


def step_asked(checked: CheckedPoint) -> tuple[list[Array], float]:
    """What an update is given: for the gradient, so that no tensor stays where it is, and no two of one shape move
    alike; and for the rate."""
    return [g + 0.01 * (i + 1) for i, g in enumerate(checked.numeric)], _RATE


def findings(checked: CheckedPoint) -> list[Finding]:
    """What is wrong with one step of gradient descent; empty when it is p - rate g."""
    at, names = checked.point, checked.point.names
    given, rate = step_asked(checked)
    new = at.program.update(at.arrays, given, rate)
    if len(new) != len(names):
        words = f"it gives {len(new)} arrays for {len(names)} parameters"
        return [Finding(WRONG_STEP.cause(names, _SURE, words), "update", lambda: None)]
    pairs = zip(at.arrays, new, strict=True)
    moves = [np.reshape(b, a.shape) - a if b.size == a.size else None for a, b in pairs]
    wrong = [
        i
        for i, (m, g) in enumerate(zip(moves, given, strict=True))
        if m is None or not np.allclose(m, -_RATE * g, 1e-6)
    ]
    if not wrong:
        return []
    first, shape = new[wrong[0]], at.arrays[wrong[0]].shape
    formed = np.reshape(first, shape) if moves[wrong[0]] is not None else first
    line = partial(lines.of_update, at, given, rate, formed)
    return [Finding(_cause(wrong, [names[i] for i in wrong], moves, given), "update", line)]


def _cause(
    wrong: Sequence[int], off: Sequence[str], moves: Sequence[Array | None], given: Sequence[Array]
) -> Cause:
    still = [
        name for i, name in zip(wrong, off, strict=True) if moves[i] is not None and not np.any(moves[i])
    ]
    if still:
        return LAYER_NOT_UPDATED.cause(still, _SURE, f"{', '.join(still)}: the same after the step as before")
    if _swapped(wrong, moves, given):
        words = f"{' and '.join(off)} each move by the other's gradient"
        return GAMMA_BETA_SWAPPED_IN_UPDATE.cause(off, _SURE, words)
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
