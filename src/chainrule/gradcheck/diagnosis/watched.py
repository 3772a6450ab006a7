"""The values on a user's way to a cost or a gradient, and which of them a wrong line may have formed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import FunctionName, SourceLine, WatchedValue
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.result import Line

_MATCH = 1e-6


def watched_values(point: Point, function: FunctionName) -> list[WatchedValue]:
    """Every value of one call but those of an adapter that was assumed, which is not the user's; none where the program
    does not bear watching."""
    try:
        watched = point.program.trace(point.arrays, point.data, function)
        return [value for value in watched if value.line.file != ADAPTER]
    except Exception:
        # Watching is a help; without it the diagnosis stands without a line.
        return []


def values_and_uses(point: Point) -> list[WatchedValue]:
    """Every value on the way to the cost, and every use of one, as :func:`watched_values`."""
    try:
        watched = point.program.trace(point.arrays, point.data, "cost", True)
        return [value for value in watched if value.line.file != ADAPTER]
    except Exception:
        # As above.
        return []


def first_mutation(point: Point) -> SourceLine | None:
    """The first line of the gradient after which a parameter is not what it was; None where there is none, or the
    program does not bear watching."""
    try:
        return point.program.first_mutation(point.arrays, point.data)
    except Exception:
        # As above.
        return None


def last_with_value(watched: Sequence[WatchedValue], value: Array) -> Line | None:
    """The last line that gives a value; None if no expression does."""
    last = next((at for at in reversed(watched) if is_value(at.array, value)), None)
    return None if last is None else Line.of_source(*last.line)


def formed(watched: Sequence[WatchedValue]) -> list[WatchedValue]:
    """Those that are not put together of others."""
    return [value for place, value in enumerate(watched) if not _is_put_together(value, watched[:place])]


def _is_put_together(value: WatchedValue, before: Sequence[WatchedValue]) -> bool:
    """Whether a vector begins with all the entries of an earlier value, as one of all parameters does: what is wrong
    with it was wrong before."""
    flat = value.array
    parts = (at.array for at in before if flat.ndim == 1 and 1 < at.array.size < flat.size)
    return any(
        np.array_equal(flat[: part.size], part.reshape(-1, order=order))
        for part in parts
        for order in ("C", "F")
    )


def not_of_a_helper(watched: Sequence[WatchedValue], of_cost: Sequence[WatchedValue]) -> list[WatchedValue]:
    """Those whose expression the cost does not come by, or comes by with this value: a helper that is right for the
    cost is not to blame, but who calls it otherwise."""
    usual = by_site(of_cost)
    return [
        value
        for value in watched
        if value.site not in usual or any(is_value(value.array, at.array) for at in usual[value.site])
    ]


def by_site(evaluations: Iterable[WatchedValue]) -> dict[str, list[WatchedValue]]:
    """Evaluations by expression."""
    groups: dict[str, list[WatchedValue]] = {}
    for evaluation in evaluations:
        groups.setdefault(evaluation.site, []).append(evaluation)
    return groups


def is_value(a: Array, b: Array) -> bool:
    """Whether two arrays are the same but for rounding."""
    return a.shape == b.shape and bool(
        np.linalg.norm(np.subtract(a, b, dtype=float)) <= _MATCH * max(float(np.linalg.norm(b)), 1e-300)
    )
