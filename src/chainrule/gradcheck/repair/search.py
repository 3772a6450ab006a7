"""The smallest changes of the source that are verified: with them in it, the check calls the program right.

What mends the numbers that were compared is only a candidate. Each is put into the text, and the text is checked as it
was before; what does not come out as right there is never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.diagnosis.evidence import LIKELY
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.candidates import Candidates
from chainrule.gradcheck.repair.possible import PossibleRepair
from chainrule.gradcheck.repair.special_points import why_special
from chainrule.gradcheck.result import Cause, Fault, Line, Repair, TextEdit

_MOST_SHOWN = 3
_MOST_VERIFIED, _MOST_IN_ALL = 6, 20
"""How many candidates of a place are verified, at most; of those that may have written out a setting, as many again;
with how many a search ends, as each takes as long as a check."""

_Edits = frozenset[TextEdit]

_INTERRUPTED = "interrupted after {} small changes"


@dataclass(frozen=True)
class Wrong:
    """A gradient that is not right.

    Attributes:
        points: at which it was compared.
        causes: what was found to be wrong.
        fault: whose it is.
    """

    points: tuple[CheckedPoint, ...]
    causes: tuple[Cause, ...]
    fault: Fault = "gradient"


class Verified(NamedTuple):
    """The source with a change in it was found to be right.

    Attributes:
        patch: the change as a unified diff.
        edits: it, in files as the user calls them.
        points: at how many points the gradient was compared.
        tried: where these were.
    """

    patch: str
    edits: tuple[TextEdit, ...]
    points: int
    tried: tuple[str, ...]


class Verifier(Protocol):
    """What checks the source with a change in it as the source was checked."""

    def __call__(self, candidate: PossibleRepair, points: Sequence[CheckedPoint]) -> Verified | None:
        """What was found, where it is right with it, and its costs at some points are what they were if they are not
        what it mends; None elsewhere."""

    def writes_a_setting(self, candidate: PossibleRepair) -> bool:
        """Whether a change may have written out a setting: it is hardly right with others."""

    def searched(self, done: int, total: int) -> None:
        """How much of all places has been looked at; by this it may be shown."""

    def known(self) -> Sequence[PossibleRepair]:
        """What has mended other gradients of the same source."""


def is_verified(outcome: Check, before: Point) -> bool:
    """Whether a check with a change in the source says that it is right, and derived. An order of gradients that was
    guessed is none of ours where the sizes of the parameters tell it, or where it was guessed before."""
    sizes = [array.size for array in before.arrays]
    is_told = len(set(sizes)) == len(sizes) or outcome.order == tuple(before.order or ())
    return outcome.right and outcome.analytic and (is_told or not outcome.guessed_order)


class Repaired(NamedTuple):
    """What came of the search, which may not have been asked for: the causes, named by the kind of repair where nothing
    else did; and repairs, of equal size, or what was tried in vain."""

    causes: tuple[Cause, ...]
    repairs: tuple[Repair, ...] = ()
    unrepaired: str = ""


class SearchInterrupted(KeyboardInterrupt):
    """The search was interrupted.

    Attributes:
        found: what had been verified by then.
    """

    def __init__(self, found: Repaired) -> None:
        super().__init__()
        self.found = found


def repaired(wrong: Wrong, verify: Verifier) -> Repaired:
    """The smallest changes with which a program is right; none where that would say little.

    Raises:
        SearchInterrupted: it was stopped from outside.
    """
    special = why_special(wrong.points)
    if special:
        return Repaired(wrong.causes, unrepaired=f"{special}: give other sizes to have one looked for")
    candidates = Candidates(wrong.points, wrong.causes, wrong.fault)
    mending, asked, repairs = set[_Edits](), set[_Edits](), list[Repair]()
    try:
        repairs += _verified(verify.known(), wrong, verify, asked)
        if repairs:
            return _found(wrong, repairs, "")
        verify.searched(*candidates.places)
        for stage in candidates.stages():
            new = {frozenset(each.edits): each for each in reversed(stage)}
            mending |= new.keys()
            unasked = [each for edits, each in new.items() if edits not in asked]
            repairs += _verified(unasked[::-1], wrong, verify, asked)
            if repairs or len(asked) >= _MOST_IN_ALL:
                break
            done, total = candidates.places
            verify.searched(done + 1, total)
        else:
            # The last places may have nothing to be tried.
            _, total = candidates.places
            verify.searched(total, total)
    except KeyboardInterrupt:
        raise SearchInterrupted(_found(wrong, repairs, _INTERRUPTED.format(candidates.tried))) from None
    return _found(wrong, repairs, _in_vain(candidates, len(mending), len(asked)))


def _found(wrong: Wrong, repairs: Sequence[Repair], in_vain: str) -> Repaired:
    if not repairs:
        return Repaired(wrong.causes, unrepaired=in_vain)
    return Repaired(_named(wrong, repairs[0]), tuple(repairs))


def _verified(
    stage: Sequence[PossibleRepair], wrong: Wrong, verify: Verifier, asked: set[_Edits]
) -> Iterator[Repair]:
    """The smallest of some candidates that are verified, each as soon as it is; to ``asked`` those are added that were
    put to the check."""
    nearest_first = sorted(stage, key=lambda candidate: (*candidate.distance, candidate.length))
    general = [candidate for candidate in nearest_first if not verify.writes_a_setting(candidate)]
    special = [candidate for candidate in nearest_first if candidate not in general]
    found: set[tuple[int, ...]] = set()
    nearest = None
    for candidate in (*general[:_MOST_VERIFIED], *special[:_MOST_VERIFIED]):
        lines = tuple(sorted(edit.line for edit in candidate.edits))
        if len(found) == _MOST_SHOWN or candidate.distance != (nearest or candidate.distance):
            break
        # Of several ways to write a line one is enough.
        if lines in found:
            continue
        asked.add(frozenset(candidate.edits))
        verified = verify(candidate, wrong.points)
        if verified is not None:
            found.add(lines)
            nearest = candidate.distance
            yield _repair(candidate, verified, wrong)


def _repair(candidate: PossibleRepair, verified: Verified, wrong: Wrong) -> Repair:
    bugs = [patched.bug_of(patch, wrong.points) for patch in candidate.patches]
    lines = tuple(_line_of(patch, edits[0]) for patch, edits in candidate.parts)
    said = zip(lines, candidate.patches, strict=True)
    words = [f"{line.place}: {patched.WORDS[patch.kind]}" for line, patch in said]
    words += [f"the gradient of {name} still has another shape than {name}" for name in candidate.misshapen]
    return Repair(
        patch=verified.patch,
        words="; ".join(words),
        kinds=tuple(patch.kind for patch in candidate.patches),
        lines=lines,
        points=verified.points,
        tried=verified.tried,
        bug=next((bug.name for bug in bugs if bug is not None), ""),
        edits=verified.edits,
    )


def _line_of(patch: Patch, edit: TextEdit) -> Line:
    """Where a change is made: of a statement on several lines the one that differs."""
    return replace(patched.line_of(patch), number=edit.line)


def _named(wrong: Wrong, repair: Repair) -> tuple[Cause, ...]:
    """The causes; where none has a name, what the repair says was wrong."""
    if not repair.bug or any(cause.name != UNKNOWN.name for cause in wrong.causes):
        return wrong.causes
    tensors = tuple(dict.fromkeys(name for cause in wrong.causes for name in cause.tensors))
    named = BUGS[repair.bug].cause(tensors, LIKELY, f"{', '.join(tensors)}: {repair.words}")
    return (replace(named, line=repair.lines[0]),)


def _in_vain(candidates: Candidates, mending: int, asked: int) -> str:
    tried = candidates.tried
    if not tried:
        return "none of its code could be changed and run"
    if mending:
        none = "none" if asked == mending else f"none of the {asked} likeliest of them"
        return f"of {tried} small changes {mending} give the numbers that were compared, and {none} holds elsewhere"
    if not candidates.all_tried:
        ends = f": with {tried} a search ends" if candidates.is_spent else ""
        return (
            f"none of {tried} small changes makes it right; more, alone or two together, were not tried{ends}"
        )
    return f"none of {tried} small changes, alone or two together, makes it right"
