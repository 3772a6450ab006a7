"""Other formulas for a line, found by what they give: with one of them the gradient is what it should be, or that of a
parameter is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import TimeUpError
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch, SourceLine

_WAYS = 5
"""So many numbers of the gradient tell it from others."""

_MOST_PARAMETERS = 6


def formulas(checked: CheckedPoint, line: SourceLine, held: Sequence[Patch] = ()) -> list[Patch]:
    """Those for a line, the shortest of each place first; right at one point, but for rounding, with patches of other
    statements that are ``held``."""
    point, rng = checked.point, np.random.default_rng(1)
    wrong = [name in checked.names_not_right for name in point.names]
    alone = [i for i, is_wrong in enumerate(wrong) if is_wrong][:_MOST_PARAMETERS]
    kept = [range(len(wrong)), *([i] for i in alone)]
    ways = [_way(checked.numeric, own, rng) for own in kept for _ in range(_WAYS)]
    told = np.array([sum(map(np.vdot, way, checked.numeric)) for way in ways], dtype=float)
    wanted = [np.full(len(told), np.nan) for _ in kept]
    for i, target in enumerate(wanted):
        target[i * _WAYS : (i + 1) * _WAYS] = told[i * _WAYS : (i + 1) * _WAYS]
    try:
        return point.fitting(line, ways, wanted, held)
    except TimeUpError:
        raise
    except Exception:
        # As in watched.watched_values.
        return []


def _way(numeric: Sequence[Array], kept: Sequence[int], rng: np.random.Generator) -> list[Array]:
    """Drawn weights for the entries of some parameters, each of which counts as much as the others."""
    drawn = [rng.standard_normal(n.shape) / max(float(np.linalg.norm(n)), 1e-6) for n in numeric]
    return [each if i in kept else np.zeros_like(each) for i, each in enumerate(drawn)]
