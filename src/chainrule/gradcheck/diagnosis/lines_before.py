"""The small change that mends the value of a place where none of its own line does: one of a line that may have spoilt
it, of those of the backward pass that were run in front of it and are not known to be right."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.diagnosis.watched import evaluations, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch, SourceLine, WatchedValue

_MOST, _MOST_WITH_ADDITIONS, _MOST_FORMING = 12, 2, 3

_MOST_EVALUATIONS, _MOST_EVALUATIONS_OF_ADDITIONS = 4000, 200
"""Of expressions in one run of each line's changes: a line has hundreds of these, and ten times as many additions."""


def mending_before(
    points: Sequence[CheckedPoint], true: TrueValues, place: Astray | None, *, additions: bool = False
) -> Patch | None:
    """A change of the last line before a place of which there is one that mends all, or one of the ``additions`` to
    it; of any line, without a place. A change in several places gives way to one of the same kind in a single place, as
    of what is used in all of them."""
    price = max(1, evaluations(true.backward))
    lines = lines_before(place, true)[: _MOST_EVALUATIONS // price]
    found = (patched.mending(points, line) for line in lines)
    most = _MOST_WITH_ADDITIONS if additions and price <= _MOST_EVALUATIONS_OF_ADDITIONS else 0
    further = (patched.mending(points, line, additions=True) for line in lines[:most])
    every = (patch for patch in itertools.chain(found, further) if patch is not None)
    first = next(every, None)
    if first is None or first.places == 1:
        return first
    # Of a sum that lacks a term the rest may be right of one use.
    forming = [line for line in _run_before(place, true) if _forms_a_part(line, first.line)]
    alike = (patched.mending(points, line) for line in forming[: -_MOST_FORMING - 1 : -1])
    return next((patch for patch in alike if patch and patch.places == 1 and patch.kind == first.kind), first)


def _forms_a_part(line: SourceLine, of: SourceLine) -> bool:
    """Whether a line gives a name its value that another one is made of."""
    match patched.statement(line.text), patched.statement(of.text):
        case ast.Assign(targets=[ast.Name(id=name)]), ast.Assign(value=value):
            return name in {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return False


def lines_before(place: Astray | None, true: TrueValues) -> list[SourceLine]:
    """Those lines, the last one first, as many as are worth a look. A line that gives right derivatives alone is no
    mistake; one that forms nothing, and hands something on, may be."""
    are_right = _run_before(place, true)
    odd = [line for line, right in are_right.items() if not right and (place is None or line != place.line)]
    return odd[: -_MOST - 1 : -1]


def _run_before(place: Astray | None, true: TrueValues) -> dict[SourceLine, bool]:
    """The lines in front of a place, in order, and whether what each gives last is right."""
    watched = watched_values(true.point, "gradient", uses=True)
    before = itertools.takewhile(
        lambda value: place is None or not _is_there(value, place.given[-1]), watched
    )
    own = {value.site for value in true.backward}
    # What a line gives last is what it is for.
    are_right: dict[SourceLine, bool] = {}
    for value in before:
        if value.use == "read" or value.site in own:
            before_it = are_right.pop(value.line, False)
            are_right[value.line] = before_it if value.use else true.has(value.array)
    return are_right


def _is_there(value: WatchedValue, other: WatchedValue) -> bool:
    return (value.site, value.occurrence) == (other.site, other.occurrence)
