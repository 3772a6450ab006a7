"""Whether the user's other functions are right with a change: the cost, a numeric check of the user's own, and an
update."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.gradcheck.diagnosis.own_update import step_asked
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.program.point import Point

_STEP, _AGREES, _ABOUT, _MOVED, _FAR = 1e-5, 1e-5, 1e-3, 1e-9, -3.0


def is_numeric(checked: CheckedPoint, patches: Sequence[Patch]) -> bool:
    """Whether the user's own numeric gradient is ours, with changes, and leaves the parameters as they were."""
    point = checked.point
    own = point.returned(patches, "numeric")
    pairs = zip(point.matched(own), checked.numeric, strict=True)
    norms = ((np.linalg.norm(g - n), np.linalg.norm(n)) for g, n in pairs)
    return all(off <= _ABOUT * max(float(size), _ABOUT) for off, size in norms) and all(
        np.allclose(after, before, rtol=0, atol=_MOVED)
        for after, before in zip(own.after, point.arrays, strict=True)
    )


def is_descent(checked: CheckedPoint, patches: Sequence[Patch]) -> bool:
    """Whether the update, with changes, takes a step of gradient descent, against what it is given for the gradient."""
    given, rate = step_asked(checked)
    taken = checked.point.with_data((given, rate)).returned(patches, "update").arrays
    return all(np.allclose(t, rate * g, _ABOUT**2) for t, g in zip(taken, given, strict=True))


def is_slope(checked: CheckedPoint, patches: Sequence[Patch]) -> bool:
    """Whether the gradient along a drawn direction is the slope of the cost, both with changes: there, and far away,
    where what a cost does beyond a kink shows."""
    far = checked.point.with_arrays([_FAR * array for array in checked.point.arrays])
    return _is_slope_at(checked.point, patches) and (
        not np.isfinite(far.cost()) or _is_slope_at(far, patches)
    )


def _is_slope_at(point: Point, patches: Sequence[Patch]) -> bool:
    rng = np.random.default_rng(0)
    way = [rng.standard_normal(array.shape) for array in point.arrays]
    ahead, behind = (point.ahead(way, step).cost(patches) for step in (_STEP, -_STEP))
    along = sum(float(np.sum(g * v)) for g, v in zip(point.gradient(patches), way, strict=True))
    return abs((ahead - behind) / (2 * _STEP) - along) <= _AGREES * max(abs(along), 1e-3)
