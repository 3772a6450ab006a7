"""Causes that were found in parts of a gradient before, such as the layers that it calls: where the changes that mend
those mend all of it, nothing needs to be searched."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.diagnosis.watched import watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause, Line

_MOST = 4


def causes(points: Sequence[CheckedPoint], of_parts: Sequence[Cause]) -> list[Cause]:
    """The fewest of some causes with whose changes together the gradient is right wherever it was compared; none where
    there are no such."""
    wrong = next((checked for checked in points if checked.verdict == "wrong"), None)
    # A net tells again what was found in its layers.
    once = {
        (c.line.file, c.line.place, c.line.right): c for c in of_parts if c.line is not None and c.line.right
    }
    if wrong is None or not once:
        return []
    listed = [*once.values()][:_MOST]
    found = [(cause, patch) for cause in listed if (patch := _patch(wrong.point, cause.line))]
    counts = range(1, len(found) + 1)
    for some in itertools.chain.from_iterable(itertools.combinations(found, count) for count in counts):
        patches = [patch for _, patch in some]
        if patched.mends(patches, points):
            return [_told(cause, patch, wrong, alone=len(some) == 1) for cause, patch in some]
    return []


def _patch(point: Point, line: Line | None) -> Patch | None:
    """The change that a line tells, where the gradient runs it."""
    lines = dict.fromkeys(value.line for value in watched_values(point, "gradient"))
    there = next((each for each in lines if line == replace(Line.of_source(*each), right=_right(line))), None)
    if there is None:
        return None
    # What changes several lines is listed with all of them.
    every = (patch for at in (there, None) for patch in _listed(point, at))
    return next((patch for patch in every if (patch.line, patch.after) == (there, _right(line))), None)


def _right(line: Line | None) -> str:
    return line.right if line is not None else ""


def _listed(point: Point, line: SourceLine | None) -> list[Patch]:
    try:
        return point.program.patches(point.arrays, point.data, line)
    except Exception:
        # As in watched.watched_values.
        return []


def _told(cause: Cause, patch: Patch, wrong: CheckedPoint, *, alone: bool) -> Cause:
    tensors = GradientVector(wrong).names_changed([patch]) or tuple(wrong.names_not_right)
    words = f"{', '.join(tensors)}: {patched.WORDS[patch.kind]}, as was found in what it calls"
    changed = "it" if alone else "all lines changed"
    repair = f"write {patch.after}: with {changed} the gradient is right, wherever it was compared"
    return replace(cause, tensors=tensors, evidence=words, repair=repair)
