"""The values on a user's way to a cost or a gradient, and which of them a wrong line may have formed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import dropwhile

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import FunctionName, SourceLine, WatchedValue
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.result import Line

_MATCH = 1e-6


def watched_values(point: Point, function: FunctionName, *, uses: bool = False) -> list[WatchedValue]:
    """Every value of one call, with ``uses`` every use of one too, but those of an adapter that was assumed, which is
    not the user's; none where the program does not bear watching."""
    try:
        watched = point.program.trace(point.arrays, point.data, function, uses)
        return [value for value in watched if value.line.file != ADAPTER]
    except Exception:
        # Watching is a help; without it the diagnosis stands without a line.
        return []


def first_mutation(point: Point) -> SourceLine | None:
    """The first line of the gradient after which a parameter is not what it was; None where there is none, or the
    program does not bear watching."""
    try:
        return point.program.first_mutation(point.arrays, point.data)
    except Exception:
        # As above.
        return None


def up_to_value(watched: Sequence[WatchedValue], value: float) -> list[WatchedValue]:
    """Those up to the first that is a number, such as the cost; all of them where none is."""
    wanted = np.asarray(value)
    end = next((place + 1 for place, at in enumerate(watched) if is_value(at.array, wanted)), len(watched))
    return list(watched[:end])


def last_with_value(watched: Sequence[WatchedValue], value: Array) -> Line | None:
    """The last line that gives a value; None if no expression does."""
    last = next((at for at in reversed(watched) if is_value(at.array, value)), None)
    return None if last is None else Line.of_source(*last.line)


def formed(watched: Sequence[WatchedValue]) -> list[WatchedValue]:
    """Those that are not put together of others."""
    return [value for place, value in enumerate(watched) if not _is_put_together(value, watched[:place])]


def _is_put_together(value: WatchedValue, before: Sequence[WatchedValue]) -> bool:
    """Whether an array begins with an earlier one, as what is concatenated or stacked does, and a vector of all
    parameters: what is wrong with it was wrong before."""
    whole = value.array
    return any(_begins_with(whole, at.array) for at in before if 1 < at.array.size < whole.size)


def _begins_with(whole: Array, part: Array) -> bool:
    if whole.ndim == 1:
        return any(np.array_equal(whole[: part.size], part.reshape(-1, order=order)) for order in ("C", "F"))
    if part.ndim == whole.ndim:
        axes = [axis for axis in range(whole.ndim) if part.shape[axis] < whole.shape[axis]]
        return len(axes) == 1 and np.array_equal(whole.take(range(part.shape[axes[0]]), axes[0]), part)
    return part.ndim == whole.ndim - 1 and any(
        np.array_equal(whole.take(0, axis), part) for axis in range(whole.ndim)
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


def is_read(value: WatchedValue) -> bool:
    """Whether it was there before: read by its name, or taken out of what holds it."""
    return value.use == "read" or value.text.endswith("]")


def are_uses(values: Sequence[WatchedValue]) -> list[bool]:
    """Which values are one use of another: read by its name, or taken out of where it was put, as in ``h[t]``."""
    formed: set[tuple[tuple[int, ...], bytes]] = set()
    found = []
    for value in values:
        key = key_of(value.array)
        found.append(value.use == "read" or (value.text.endswith("]") and key in formed))
        formed |= set() if found[-1] else {key}
    return found


def key_of(array: Array) -> tuple[tuple[int, ...], bytes]:
    """What tells an array from others."""
    return array.shape, array.tobytes()


def at_its_call(
    value: WatchedValue, watched: Sequence[WatchedValue], is_right: Callable[[WatchedValue], bool]
) -> WatchedValue:
    """Where a helper gives a value that is not right, and right ones elsewhere, the call of it, which gives the same
    and is come by less often; any other value itself."""
    groups = by_site(watched)
    group = groups[value.site]
    if not any(is_right(other) for other in group if other is not value):
        return value
    behind = dropwhile(lambda other: other is not value, watched)
    alike = (other for other in behind if not other.use and is_value(other.array, value.array))
    return next((other for other in alike if len(groups[other.site]) < len(group)), value)


MOST_TURNS = 16
"""How many evaluations of an expression are looked at one by one."""


def in_few_turns(watched: Iterable[WatchedValue]) -> list[WatchedValue]:
    """What is worth a look of every expression: all its values, where they are few; of what a loop changes in place the
    last, when all of it is there."""
    groups = by_site(watched)
    few = (group for group in groups.values() if group[0].in_place or len(group) <= MOST_TURNS)
    return [value for group in few for value in (group[-1:] if group[0].in_place else group)]


def evaluations(watched: Iterable[WatchedValue]) -> int:
    """About how many expressions one call evaluates; only some of those of a long loop are recorded."""
    return sum(group[-1].occurrence + 1 for group in by_site(watched).values())


def is_value(a: Array, b: Array) -> bool:
    """Whether two arrays are the same but for rounding."""
    return a.shape == b.shape and bool(
        np.linalg.norm(np.subtract(a, b, dtype=float)) <= _MATCH * max(float(np.linalg.norm(b)), 1e-300)
    )
