"""The lines that may have spoilt the value of a place: those that gave a value of the backward pass in front of it and
are not known to be right, the last one first."""

from __future__ import annotations

import itertools

from chainrule.gradcheck.diagnosis.place_search import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.program.interface import SourceLine, WatchedValue

_MOST = 12


def lines_before(place: Astray, true: TrueValues) -> list[SourceLine]:
    """Those lines, as many as are worth a look."""
    first = place.given[0]
    before = itertools.takewhile(lambda value: not _is_there(value, first), true.backward)
    found: dict[SourceLine, bool] = {}
    for value in before:
        # What is true of one thing may be meant of another, but a whole line of such values is no mistake.
        is_right = value.array.dtype.kind == "f" and true.has(value.array)
        found[value.line] = found.get(value.line, True) and is_right
    odd = [line for line, is_right in found.items() if not is_right and line != place.line]
    return odd[: -_MOST - 1 : -1]


def _is_there(value: WatchedValue, other: WatchedValue) -> bool:
    return (value.site, value.occurrence) == (other.site, other.occurrence)
