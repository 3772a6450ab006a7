"""Causes for a backward pass of any kind: where it goes wrong, by true values (:mod:`.locating`), what is wrong there
(:mod:`.naming`), and what would be right (:mod:`.patched`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.diagnosis.evidence import CERTAIN, LIKELY, PLAUSIBLE
from chainrule.gradcheck.diagnosis.locating import Astray, astray
from chainrule.gradcheck.diagnosis.naming import EXACT, LIKELY_FACTORS, Named, Rule, names_at
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.result import Cause, Line

_MOST_POINTS = 2


def causes(points: Sequence[CheckedPoint]) -> list[Cause]:
    """A cause with its line for each mistake that could be told; none where no place was found."""
    wrong = [checked for checked in points if checked.verdict == "wrong"][:_MOST_POINTS]
    seen = [
        (checked, true, astray(checked, true)) for checked in wrong for true in [TrueValues(checked.point)]
    ]
    if not seen:
        return []
    found = []
    for place in seen[0][2]:
        patch = patched.mending(points, place.line) if len(seen[0][2]) == 1 else None
        named = _named(place, seen, EXACT)
        if patch is None and len(seen[0][2]) == 1:
            # What the value is made of may be wrong already.
            patch = patched.mending(points)
        named = named or _by_patch(patch, points) or _named(place, seen, LIKELY_FACTORS)
        line = patched.line_of(patch) if patch else Line.of_source(*place.line)
        found.append(_cause(place, named, line, sure=CERTAIN if len(seen) > 1 else LIKELY))
    return found


def _named(
    place: Astray, seen: Sequence[tuple[CheckedPoint, TrueValues, list[Astray]]], rules: Sequence[Rule]
) -> Named | None:
    """The likeliest name that holds at every point at which the same place was found."""
    names: list[Named] | None = None
    for checked, true, places in seen:
        same = next((other for other in places if other.given[0].site == place.given[0].site), None)
        if same is None:
            continue
        here = names_at(same, checked, true, rules)
        bugs = {each.bug for each in here}
        names = here if names is None else [each for each in names if each.bug in bugs]
    return names[0] if names else None


def _by_patch(patch: Patch | None, points: Sequence[CheckedPoint]) -> Named | None:
    """What is wrong by the small change that makes it right."""
    bug = patch and patched.bug_of(patch, points)
    return Named(bug, "it is right with a small change of the line") if bug else None


def _cause(place: Astray, named: Named | None, line: Line, sure: float) -> Cause:
    value = f"`{place.given[0].text}`"
    if named is None:
        cause = UNKNOWN.cause(place.tensors, PLAUSIBLE, f"{value} is not what it should be")
    else:
        cause = named.bug.cause(place.tensors, sure, f"{value}: {named.words}")
    return replace(cause, line=line)
