"""Changes of the source that may be the repair: with them the gradient is right at every point where it was compared,
and the cost is what it was.

The lines that are named as wrong are tried first, with everything that may be meant there, then all that the gradient
runs; at last two changes together. What the cost runs too is left alone, but where it is named as wrong; where the
fault is the cost's, or that of the user's own numeric check or update, its code is changed and no other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np

from chainrule.errors import TimeUpError
from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.diagnosis.by_value import formulas
from chainrule.gradcheck.diagnosis.own_update import step_asked
from chainrule.gradcheck.diagnosis.several import Pairs, Wanted
from chainrule.gradcheck.diagnosis.watched import up_to_value, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import FunctionName, Patch, PatchKind, SourceLine
from chainrule.gradcheck.program.matching import in_likeliest_order
from chainrule.gradcheck.repair.lines_around import calls, endings, feeding, filling
from chainrule.gradcheck.repair.own_functions import is_descent, is_numeric, is_slope
from chainrule.gradcheck.repair.possible import PossibleRepair
from chainrule.gradcheck.result import Cause, Fault, Line

_NEAR, _MOST_FIRST, _MOST_SECOND = (0, 6, 0), 2, 4
_MOST_NAMED, _MOST_OTHERS, _MOST_CALLS, _MOST_FEEDING, _MOST_FILLING, _AT_ONCE = 3, 20, 2, 3, 2, 1000
_MOST_TRIED = 15_000
"""With so many changes a search ends, those of two together among them: each takes a millisecond or two."""

_FUNCTIONS: dict[Fault, FunctionName] = {"cost": "cost", "numeric check": "numeric", "update": "update"}
"""In which function a fault is mended, where that is not the gradient."""

Look = Callable[[], Iterator[list[PossibleRepair]]]
"""Gives what may be the repair in some place, in stages."""


class Candidates:
    """What may be the repair of a gradient, or of a cost.

    Args:
        points: at which they were compared.
        causes: with the lines that are named.
        fault: whose it is.

    Attributes:
        tried: how many changes have been.
        all_tried: whether the search came to its end, with no change, and no two of them, left out on the way.
        places: how many places had been looked at before the last, and how many there are.
    """

    def __init__(self, points: Sequence[CheckedPoint], causes: Sequence[Cause], fault: Fault) -> None:
        self._function = _FUNCTIONS.get(fault, "gradient")
        wrong = [checked for checked in points if checked.verdict != "right"]
        # Little data are dealt with soon.
        wrong.sort(key=lambda checked: sum(np.size(value) for value in checked.point.data))
        self._wrong, self._points = bool(wrong), [*wrong[:1], *points]
        lines = [cause.line for cause in causes if cause.line is not None]
        self._named = [*dict.fromkeys(map(_place, lines))][:_MOST_NAMED]
        self._right = {_place(line): line.right for line in lines if line.right}
        self._point = self._points[0].point
        if self._function == "update":
            self._point = self._point.with_data(step_asked(self._points[0]))
        self._formulas: dict[SourceLine, list[Patch]] = {}
        self.tried, self.all_tried, self.places = 0, self._wrong and self._function == "gradient", (0, 1)

    def stages(self) -> Iterator[list[PossibleRepair]]:
        """Those of each kind of place; none where there are no such."""
        every = list(dict.fromkeys(patch.line for patch in self._listed()))
        files = {_place_of(line)[0]: line.file for line in every}
        named = [SourceLine(files[name], number, "") for name, number in self._named if name in files]
        if self._function == "gradient" and not self._wrong:
            # What a call does beside its gradient shows in none: all that can be told is where it is done.
            yield [each for line in named for each in self._mending(self._listed(line), "statement")]
            return
        statements = self._point.program.statements()
        near = [*filling(statements, named)[:_MOST_FILLING], *feeding(statements, named)]
        own = [line for line in dict.fromkeys(near) if line not in self._shared and line not in named]
        called = calls(statements, named, every)[:_MOST_CALLS]
        around = list(dict.fromkeys((*named, *called, *own[: _MOST_FILLING + _MOST_FEEDING])))
        ends = [line for line in endings(statements, named) if line not in around]
        # What is missing in the line of a call may show in the function that is called.
        others = [line for line in every if line not in self._shared and _place_of(line) not in self._named]
        if self._function == "numeric":
            # Each run of it calls the cost many times.
            others = []
        self.all_tried &= len(others) <= _MOST_OTHERS
        looks = self._looks(named, around, ends, others[:_MOST_OTHERS])
        for done, look in enumerate(looks):
            self.places = done, len(looks)
            if self.is_spent:
                self.all_tried = False
                return
            yield from look()

    @property
    def is_spent(self) -> bool:
        """Whether as many changes have been tried as a search may try."""
        return self.tried >= _MOST_TRIED

    def _looks(
        self,
        named: Sequence[SourceLine],
        around: Sequence[SourceLine],
        ends: Sequence[SourceLine],
        others: Sequence[SourceLine],
    ) -> list[Look]:
        """What is looked at, one after the other: what takes little time first."""
        given, elsewhere, pairs = list[Look](), list[Look](), list[Look]()
        if self._function == "gradient":
            near = [*around, *ends]
            given = [functools.partial(self._given_by, line) for line in near]
            elsewhere = [functools.partial(self._given_by, line) for line in others if line not in near]
            elsewhere.append(functools.partial(self._pairs_of_formulas, around))
            pairs = [functools.partial(self._pairs, around, others)]
        missing, behind = (
            [functools.partial(self._missing, line) for line in lines]
            for lines in (named, [line for line in around if line not in named])
        )
        meant = [functools.partial(self._meant, line) for line in others]
        first: list[Look] = [
            functools.partial(self._told, named), functools.partial(self._meant, *named), self._plain, *given
        ]  # fmt: skip
        if len(named) > 1:
            # Each of them may have to be another one.
            pairs = [functools.partial(self._pairs_of_named, named), *pairs] if pairs else []
            return [*first, *elsewhere, *pairs, *missing, *behind, *meant]
        return [*first, *missing, *elsewhere, *behind, *meant, *pairs]

    def _told(self, named: Sequence[SourceLine]) -> Iterator[list[PossibleRepair]]:
        """What the causes say should stand in several lines, together."""
        told = [(line, self._right.get(_place_of(line))) for line in named]
        found = [
            next((p for p in self._listed(line) if p.after == right), None) for line, right in told if right
        ]
        patches = [patch for patch in found if patch is not None]
        if 1 < len(patches) == len(found) and self._function == "gradient":
            self.tried += 1
            yield self._written(patches) if patched.mends(patches, self._points) else []

    def _meant(self, *lines: SourceLine) -> Iterator[list[PossibleRepair]]:
        """All that may be meant in some lines."""
        yield [each for line in lines for each in self._mending(self._listed(line))]

    def _plain(self) -> Iterator[list[PossibleRepair]]:
        """Usual slips everywhere but in what is shared with the cost."""
        yield self._mending([patch for patch in self._listed() if patch.line not in self._shared])

    def _given_by(self, line: SourceLine) -> Iterator[list[PossibleRepair]]:
        """Formulas for a line that give what is meant there."""
        found = self._formulas[line] = formulas(self._points[0], line)
        yield self._mending(found)

    def _missing(self, line: SourceLine) -> Iterator[list[PossibleRepair]]:
        """What may be missing in a line; what writes little is nearest to what stands there."""
        more = sorted(self._listed(line, additions=True), key=lambda patch: len(patch.after))
        for start in range(0, len(more), _AT_ONCE):
            yield self._mending(more[start : start + _AT_ONCE])

    def _listed(self, line: SourceLine | None = None, *, additions: bool = False) -> list[Patch]:
        point = self._point
        try:
            return point.program.patches(point.arrays, point.data, line, additions, self._function)
        except TimeUpError:
            raise
        except Exception:
            # As in watched.watched_values.
            return []

    def _mending(self, patches: Sequence[Patch], kind: PatchKind | None = None) -> list[PossibleRepair]:
        """Those that mend, of changes that were listed last; of one kind, where it is given."""
        every = [patch for patch in patches if kind in (None, patch.kind)]
        of_kind = every[: max(0, _MOST_TRIED - self.tried)]
        self.all_tried &= len(of_kind) == len(every)
        self.tried += len(of_kind)
        # Most are done with in one request.
        likely = patched.near(of_kind, self._points[0]) if self._function == "gradient" else of_kind
        return [each for patch in likely if self._mends(patch) for each in self._written([patch])]

    def _mends(self, patch: Patch) -> bool:
        """Whether all is right with a change, where it was compared."""
        if self._function == "gradient":
            return patched.mends([patch], self._points)
        agrees = {"cost": is_slope, "numeric": is_numeric, "update": is_descent}[self._function]
        try:
            return all(agrees(checked, [patch]) for checked in self._points)
        except TimeUpError:
            raise
        except Exception:
            # Most changes do not suit the code that follows.
            return False

    def _misshapen(self, patches: Sequence[Patch]) -> tuple[str, ...] | None:
        """The parameters whose gradients keep another shape than theirs, with some changes; None where one gets such a
        shape, as a sum without ``keepdims`` has, which spoils the parameter that it is taken from."""
        if self._function != "gradient":
            return ()
        names, own = self._point.names, self._point.arrays
        try:
            given, changed = (
                [g.shape for g in in_likeliest_order(names, own, self._point.returned(each))]
                for each in ((), patches)
            )
            every = [*zip(names, (array.shape for array in own), given, changed, strict=True)]
        except TimeUpError:
            raise
        except Exception:
            # As above.
            return None
        kept = all(after in (shape, before) for _, shape, before, after in every)
        return tuple(name for name, shape, _, after in every if after != shape) if kept else None

    def _pairs_of_formulas(self, lines: Sequence[SourceLine]) -> Iterator[list[PossibleRepair]]:
        """Two changes, of formulas that were found and plain slips, each of which mends something by itself; or a
        formula that is found once another change is made."""
        pairs, patches = self._two_of([Wanted()])
        found = self._both(patches)
        is_told = len({_place_of(patch.line) for patch in patches} & {*self._named}) > 1
        if not found or (found[0].distance > _NEAR and not is_told):
            found += [
                each for first in pairs.mending_some()[:_MOST_FIRST] for each in self._with(first, lines)
            ]
        yield found

    def _with(self, first: Patch, lines: Sequence[SourceLine]) -> Iterator[PossibleRepair]:
        """A change with formulas for other lines that mend the rest once it is made."""
        for line in lines:
            every = formulas(self._points[0], line, [first]) if line != first.line else []
            yield from (
                each
                for second in every[:_MOST_SECOND]
                if patched.mends([first, second], self._points)
                for each in self._both([first, second])
            )

    def _pairs_of_named(self, named: Sequence[SourceLine]) -> Iterator[list[PossibleRepair]]:
        """Two changes together of the lines that are named, or what may be missing there: they are few."""
        wanted = [Wanted(line, more) for more in (False, True) for line in named]
        _, patches = self._two_of(wanted)
        yield self._both(patches)

    def _pairs(
        self, around: Sequence[SourceLine], others: Sequence[SourceLine]
    ) -> Iterator[list[PossibleRepair]]:
        """Two changes together, of lines ``around`` those that are named also what may be missing there."""
        lines = dict.fromkeys((*around, *others[:_MOST_OTHERS]))
        wanted = [Wanted(line, more) for more in (False, True) for line in (around if more else lines)]
        pairs, patches = self._two_of(wanted, thorough=True)
        found = self._both(patches)
        self.all_tried &= pairs.all_tried
        if found:
            yield found

    def _two_of(self, wanted: Sequence[Wanted], *, thorough: bool = False) -> tuple[Pairs, list[Patch]]:
        """Two of some changes and of the formulas that were found, as far as they may be tried yet: those that add up,
        or one of which mends something; where it is ``thorough``, any."""
        pairs = Pairs(self._points[1:], wanted, self._known_formulas, max(0, _MOST_TRIED - self.tried))
        behind = pairs.one_after_another if thorough else pairs.behind_what_mends
        patches = [part.patch for part in pairs.adding_up() or behind()]
        self.tried += pairs.tried
        return pairs, patches

    def _both(self, patches: Sequence[Patch]) -> list[PossibleRepair]:
        """Two changes as one; none where there are none, the cost runs what they change, or both are of one line: there
        a run may be with the second alone, and what is written has both."""
        lines = {patch.line for patch in patches}
        shared = any(line in self._shared for line in lines)
        return self._written(patches) if len(lines) > 1 and not shared else []

    @property
    def _known_formulas(self) -> list[Patch]:
        return [patch for patches in self._formulas.values() for patch in patches]

    def _written(self, patches: Sequence[Patch]) -> list[PossibleRepair]:
        """Changes with how they are written; none where one cannot be, or they spoil a shape."""
        parts = tuple((patch, tuple(self._point.program.edits([patch]))) for patch in patches)
        misshapen = self._misshapen(patches) if all(edits for _, edits in parts) else None
        return [] if misshapen is None else [PossibleRepair(parts, self._function == "cost", misshapen)]

    @cached_property
    def _shared(self) -> set[SourceLine]:
        """Lines on the way to the cost, where that is right; not what a function that gives both runs after it."""
        if self._function in ("cost", "update"):
            return set()
        return {value.line for value in up_to_value(watched_values(self._point, "cost"), self._point.cost())}


def _place_of(line: SourceLine) -> tuple[str, int]:
    return _place(Line.of_source(*line))


def _place(line: Line) -> tuple[str, int]:
    """The file or cell of a line, and its number there."""
    return f"{line.file}, cell {line.cell}" if line.cell else line.file, line.number
