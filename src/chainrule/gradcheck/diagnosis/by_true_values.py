"""Causes for a backward pass of any kind: where it goes wrong, by true values (:mod:`.locating`), what is wrong there
(:mod:`.naming`), and what would be right (:mod:`.patched`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from chainrule.errors import TimeUpError
from chainrule.gradcheck.catalogue.any_backward import (
    DERIVATIVE_WRONG,
    PATH_COUNTED_TWICE,
    PATH_LEFT_OUT,
    WRONG_FACTOR,
)
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import patched, several
from chainrule.gradcheck.diagnosis.evidence import CERTAIN, LIKELY, PLAUSIBLE
from chainrule.gradcheck.diagnosis.finding import with_line
from chainrule.gradcheck.diagnosis.hidden import hidden_before, hidden_behind
from chainrule.gradcheck.diagnosis.lines_before import mending_before
from chainrule.gradcheck.diagnosis.locating import astray, misplaced, slope_astray
from chainrule.gradcheck.diagnosis.naming import BY_FACTORS, EXACT, names_at
from chainrule.gradcheck.diagnosis.odd_value import NamedBug, NamingRule
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.step_slopes import StepSlope
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch, PatchKind
from chainrule.gradcheck.result import Cause, Line

FoundInTime = TypeVar("FoundInTime")

_MOST_POINTS = 2
_RULES = (*EXACT, *BY_FACTORS)

_KINDS_OF_FACTORS: tuple[PatchKind, ...] = ("sum or mean", "axis", "sign", "minus")
"""Changes of a value by a factor that have names of their own."""

_SLIPS: tuple[PatchKind, ...] = (
    "transpose", "axis", "sum or mean", "comparison", "order of factors", "exchange", "index", "slice", "name",
)  # fmt: skip
"""Changes that say more of a value than that it lacks a slope."""

_FACTORS: tuple[PatchKind, ...] = ("number", "factor", "scale", "power")
"""Changes by which what counts twice has a factor too many."""


class _Explained(NamedTuple):
    """A cause, and whether its name says hardly anything (:class:`.odd_value.NamedBug`)."""

    cause: Cause
    is_vague: bool


class _Seen(NamedTuple):
    """A point, what is true at it, and where the gradient goes wrong there."""

    checked: CheckedPoint
    true: TrueValues
    places: list[Astray]


def causes(points: Sequence[CheckedPoint]) -> list[Cause]:
    """A cause with its line for each mistake that could be told; none where no place was found."""
    wrong = [checked for checked in points if checked.verdict == "wrong"][:_MOST_POINTS]
    seen: list[_Seen] = []
    for checked in wrong:
        true = TrueValues(checked.point)
        seen.append(_Seen(checked, true, astray(checked, true, seen[0].places if seen else ())))
    if not seen or not seen[0].places:
        return []
    places = seen[0].places
    sure = CERTAIN if len(seen) > 1 else LIKELY
    if len(places) == 1:
        one = _of_one(places[0], seen, points, sure)
        found = _named_ones([one], seen, points)
        if found == [one.cause] and one.cause.line and not one.cause.line.right:
            found += _in_time(lambda: _behind(seen))
        return with_the_rest(found, points)
    patch = patched.mending(points) or mending_before(points, seen[0].true, places[0])
    if patch is not None:
        # What one change mends is one mistake, wherever it shows.
        named, tensors = _by_patch(patch, points), tuple(wrong[0].names_not_right)
        return [_cause(replace(places[0], tensors=tensors), named, patched.line_of(patch), sure).cause]
    explained = [
        _cause(place, _named(place, seen, _RULES), Line.of_source(*place.line), sure) for place in places
    ]
    explained.sort(key=lambda each: each.cause.name == UNKNOWN.name)
    return with_the_rest(_named_ones(explained, seen, points), points)


def _named_ones(
    explained: list[_Explained], seen: Sequence[_Seen], points: Sequence[CheckedPoint]
) -> list[Cause]:
    """Some causes; where one of them is not known, or hardly, those of two changes that mend all, if there are such, or
    what the first place hides beside them."""
    causes = [each.cause for each in explained]
    if any(cause.name == UNKNOWN.name for cause in causes):
        return _in_time(lambda: of_two(points) or _with_hidden(seen)) or causes
    hardly = any(each.is_vague and not (each.cause.line and each.cause.line.right) for each in explained)
    return (_in_time(lambda: of_two(points)) if hardly else []) or causes


def _in_time(search: Callable[[], list[FoundInTime]]) -> list[FoundInTime]:
    """What a search finds; nothing where time is up: what is known by then is known."""
    try:
        return search()
    except TimeUpError:
        return []


def _with_hidden(seen: Sequence[_Seen]) -> list[Cause]:
    """A cause for each place that the first one hides, and for those that are left with these put right; none where it
    hides none."""
    again = list[_Seen]()
    for at, true, places in seen:
        hidden = hidden_before(places[0], at, true) if places else []
        again.append(_Seen(at, true, astray(at, true, known=hidden) if hidden else []))
    return _at_all(again)


def _behind(seen: Sequence[_Seen]) -> list[Cause]:
    """A cause for what the first place hides between the turns of a loop; none where it hides nothing."""
    return _at_all(
        [_Seen(at, true, hidden_behind(places[0], at, true) if places else []) for at, true, places in seen]
    )


def _at_all(again: Sequence[_Seen]) -> list[Cause]:
    """A cause for each place that was found at every point."""
    sites = [{place.given[0].site for place in each.places} for each in again]
    found: dict[Line, Cause] = {}
    for place in again[0].places:
        if all(place.given[0].site in own for own in sites):
            line = Line.of_source(*place.line)
            found.setdefault(line, _cause(place, _named(place, again, _RULES), line, LIKELY).cause)
    return [*found.values()]


def with_the_rest(causes: list[Cause], points: Sequence[CheckedPoint]) -> list[Cause]:
    """Some causes, and one for each small change that mends a parameter which none of them explains."""
    wrong = next(checked for checked in points if checked.verdict != "right")
    rest = {*wrong.names_not_right}.difference(*(cause.tensors for cause in causes))
    parts = _in_time(lambda: several.Pairs(points).of_parameters(rest)) if rest else []
    found = [*causes]
    for part in parts:
        line = patched.line_of(part.patch)
        same = next((i for i, cause in enumerate(found) if cause.line == line), None)
        if same is None:
            found.append(
                _of_part(part, points, f"with it the gradient of {', '.join(part.tensors)} is right")
            )
        else:
            # One change mends them all.
            found[same] = replace(found[same], tensors=(*found[same].tensors, *part.tensors))
    return found


def of_two(points: Sequence[CheckedPoint]) -> list[Cause]:
    """A cause for each of two mistakes that small changes mend together; none where there are no such."""
    pairs = several.Pairs(points)
    parts = pairs.adding_up() or pairs.one_after_another()
    right, also = "with both lines changed the gradient is right", "; there are two mistakes"
    return [_of_part(part, points, right, also) for part in parts]


def _of_part(part: several.MendedPart, points: Sequence[CheckedPoint], right: str, also: str = "") -> Cause:
    """The cause of what a change mends: ``right`` says what is so with it, ``also`` what else is to be known."""
    patch, tensors = part
    bug = patched.bug_of(patch, points) or UNKNOWN
    words = f"{', '.join(tensors)}: {patched.WORDS[patch.kind]}{also}"
    repair = f"write {patch.after}: {right}, wherever it was compared"
    return replace(bug.cause(tensors, LIKELY, words, repair), line=patched.line_of(patch))


def _of_one(place: Astray, seen: Sequence[_Seen], points: Sequence[CheckedPoint], sure: float) -> _Explained:
    """The cause where one place mends all that is wrong."""
    named, patch = _named(place, seen, EXACT), patched.mending(points, place.line)
    if patch is not None and patched.bug_of_a_net(patch, points) is not None:
        named = _by_patch(patch, points)
    slope = None if patch else slope_astray(place, seen[0].checked, seen[0].true)
    if slope is not None:
        place = slope[0]
        named = named if named is not None and not named.is_vague else _not_the_slope(slope[1])
        patch = patched.mending(points, place.line)
    # What the value is made of may be wrong already, or true of something else.
    patch = patch or patched.mending(points)
    if patch is None and (named is None or named.is_vague):
        patch = patched.mending(points, place.line, additions=True)
    is_a_part = named is not None and named.bug == PATH_LEFT_OUT
    other = misplaced(place, *seen[0][:2]) if patch is None and (named is None or is_a_part) else None
    names = names_at(other, *seen[0][:2], _RULES) if other is not None else []
    if other is not None and (named is None or any(each.bug == PATH_LEFT_OUT for each in names)):
        # What comes back on one way is what it should be, and is taken for the whole.
        place, named = other, named or next(iter(names), None)
    if patch is None and (named is None or named.is_vague):
        patch = mending_before(points, seen[0].true, place, additions=True)
    if named is None or (patch is not None and _says_more(patch, named)):
        named = _by_patch(patch, points) or _named(place, seen, BY_FACTORS)
    return _cause(place, named, patched.line_of(patch) if patch else Line.of_source(*place.line), sure)


def _says_more(patch: Patch, named: NamedBug) -> bool:
    """Whether a change that mends a value says more of it than its name."""
    if named.is_vague:
        return patch.kind in _SLIPS
    if named.bug == PATH_COUNTED_TWICE:
        return patch.kind in _FACTORS
    if named.bug == PATH_LEFT_OUT:
        return patch.kind == "accumulation"
    return named.bug == WRONG_FACTOR and patch.kind in _KINDS_OF_FACTORS


def _not_the_slope(slope: StepSlope) -> NamedBug:
    words = (
        f"it is not the derivative of `{slope.of.text}` of line {slope.of.line.number} by `{slope.by.text}`"
    )
    return NamedBug(DERIVATIVE_WRONG, words)


def _named(place: Astray, seen: Sequence[_Seen], rules: Sequence[NamingRule]) -> NamedBug | None:
    """The likeliest name that holds at every point at which the same place was found."""
    names: list[NamedBug] | None = None
    for checked, true, places in seen:
        same = next((other for other in places if other.given[0].site == place.given[0].site), None)
        if same is None:
            continue
        here = names_at(same, checked, true, rules)
        bugs = {each.bug for each in here}
        names = here if names is None else [each for each in names if each.bug in bugs]
    return names[0] if names else None


def _by_patch(patch: Patch | None, points: Sequence[CheckedPoint]) -> NamedBug | None:
    """What is wrong by the small change that makes it right."""
    bug = patch and patched.bug_of(patch, points)
    return NamedBug(bug, patched.WORDS[patch.kind]) if patch and bug else None


def _cause(place: Astray, named: NamedBug | None, line: Line, sure: float) -> _Explained:
    value = f"`{place.given[0].text}`"
    if line.number != place.line.number:
        value += f" of line {place.line.number}"
    if named is None:
        cause = UNKNOWN.cause(place.tensors, PLAUSIBLE, f"{value} is not what it should be")
    else:
        cause = named.bug.cause(place.tensors, sure, f"{value}: {named.words}")
    return _Explained(with_line(cause, line), named is not None and named.is_vague)
