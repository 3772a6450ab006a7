"""A change of a file verified: a copy with the change in it, checked in the same way, in a process of its own.

The same must be recognised in it as in the file; the gradient must be right in everything that "right" means, and
derived; the cost must be what it was wherever it was asked; it must be right with other sizes (:mod:`.at_other_sizes`)
and with other settings, where it may have written one out (:mod:`.at_other_settings`); and no other gradient of the
file may be wrong that was right.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from chainrule.errors import CheckError
from chainrule.gradcheck.files.at_other_settings import AtOtherSettings
from chainrule.gradcheck.files.at_other_sizes import AtOtherSizes
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.copies_compared import are_called_alike, places_in, same_costs
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.edited_files import diff, edited
from chainrule.gradcheck.repair.possible import PossibleRepair
from chainrule.gradcheck.repair.search import Verified, Verifier, is_verified
from chainrule.gradcheck.repair.special_points import sizes_at, writes_a_size
from chainrule.gradcheck.result import TextEdit
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from chainrule.gradcheck.sandbox.staging import copy_of, stage


class GradientChecker(Protocol):
    """What checks one gradient of a file that has been chosen."""

    def __call__(
        self, remote: RemoteProgram, program: Program, place: int, conditions: Conditions, /
    ) -> Check:
        """The outcome."""


Progress = Callable[[int, int], None]
"""What is told how much is done, and how much there is."""


class PatchedCopies:
    """Verifies changes of one file.

    Args:
        remote: the file, as it runs.
        conditions: under which it is checked.
        outcome: what checks a gradient of it.
        show: what shows how far a search is: how many places were looked at, and of how many.

    Attributes:
        known: what has been verified, with the places of the gradients that it mends.
    """

    def __init__(
        self, remote: RemoteProgram, conditions: Conditions, outcome: GradientChecker, show: Progress
    ) -> None:
        self._remote, self._outcome, self._show = remote, outcome, show
        self._conditions = replace(conditions, explained=False, drawn=False, repaired=False)
        self._started = time.monotonic()
        self._right: dict[int, bool] = {}
        self._sized: dict[int, AtOtherSizes] = {}
        self._set: dict[int, AtOtherSettings] = {}
        self.known: dict[PossibleRepair, set[int]] = {}

    def of_gradient(self, place: int, variant: int | None = None) -> Verifier:
        """What verifies repairs of one gradient; the points at which it is wrong are those of one of its variants, if
        its place is given."""
        return _OfGradient(self, place, variant)

    def searched(self, done: int, total: int) -> None:
        """Show how far a search is."""
        self._show(done, total)

    def verified(
        self, candidate: PossibleRepair, points: Sequence[CheckedPoint], place: int, variant: int | None
    ) -> Verified | None:
        """What was found of a candidate; None where it is no repair."""
        contents = self._contents(candidate.edits)
        if contents is None:
            return None
        try:
            # It takes less than the check, and most of what is wrong is so there.
            others = self._elsewhere(contents, candidate, points, place)
            compared = () if candidate.of_cost else points
            outcome = None if others is None else self._checked(contents, compared, place, variant)
        except CheckError:
            # What does not run, or is not recognised, is no repair.
            return None
        if outcome is None or others is None:
            return None
        differences = [
            diff(name, before, after)
            for path, content in contents.items()
            for name, before, after in self._shown(path, content)
        ]
        edits = tuple(edit._replace(file=self._name(edit.file)) for edit in candidate.edits)
        tried = (*outcome.tried, *(("other sizes",) if others else ()))
        return Verified("".join(differences), edits, outcome.points + others, tried)

    def writes_a_setting(self, candidate: PossibleRepair, place: int) -> bool:
        """Whether a change may have written out a setting of a gradient."""
        return self._at_other_settings(place).writes_one(candidate.patches)

    def _contents(
        self, edits: Sequence[TextEdit], of_checked: Sequence[TextEdit] = ()
    ) -> dict[Path, bytes] | None:
        """The files with edits, and with those of the one that is checked; None where one is not the user's, or another
        than it was."""
        by_file = {self._remote.path: [*of_checked]} if of_checked else dict[Path, list[TextEdit]]()
        for edit in edits:
            path = self._remote.original(edit.file)
            if path is None:
                return None
            by_file.setdefault(path, []).append(edit)
        contents: dict[Path, bytes] = {}
        for path, own in by_file.items():
            content = edited(path, source.content(path), own)
            if content is None:
                return None
            contents[path] = content
        return contents

    def _checked(
        self, contents: dict[Path, bytes], points: Sequence[CheckedPoint], place: int, variant: int | None
    ) -> Check | None:
        """What is said of a copy with other contents; None where it is no repair."""
        with self._running(contents) as remote:
            return self._outcome_of(remote, points, place, variant)

    def _elsewhere(
        self,
        contents: dict[Path, bytes],
        candidate: PossibleRepair,
        points: Sequence[CheckedPoint],
        place: int,
    ) -> int | None:
        """At how many other sizes it is right; None where it is wrong with some, or with other settings, or has written
        out what never was another."""
        if self._conditions.against is not None:
            return 0
        if place not in self._sized:
            gradient = self._remote.gradients[place]
            right = {tensor.name for tensor in points[0].tensors if tensor.verdict == "right"}
            self._sized[place] = AtOtherSizes(
                self._remote.path, gradient, self._running, right, fits=_fits(points[0])
            )
        others = self._sized[place].right_with(contents)
        # A size that is the same wherever the file runs was not another there either.
        if others is None or writes_a_size(
            candidate.patches, [*(sizes_at(checked.point) for checked in points), *others]
        ):
            return None
        return len(others) if self._with_other_settings(candidate, place) else None

    def _with_other_settings(self, candidate: PossibleRepair, place: int) -> bool:
        """Whether it is right with other settings of the file, where one may have been written out."""
        return self._at_other_settings(place).holds(
            candidate.patches,
            lambda edits: self._contents(candidate.edits, edits),
            lambda edits: self._contents((), edits),
        )

    def _at_other_settings(self, place: int) -> AtOtherSettings:
        if place not in self._set:
            gradient = self._remote.gradients[place]
            self._set[place] = AtOtherSettings(self._remote.path, gradient, self._running)
        return self._set[place]

    @contextlib.contextmanager
    def _running(self, contents: dict[Path, bytes]) -> Iterator[RemoteProgram]:
        """A copy with other contents, in a process of its own."""
        path, root = self._remote.path, self._remote.root
        with tempfile.TemporaryDirectory(prefix="chainrule-") as folder:
            private = Path(folder).resolve()
            stage(path, root, private)
            for file, content in contents.items():
                copy_of(file, root, private).write_bytes(content)
            copy, copied_root = copy_of(path, root, private), root and copy_of(root, root, private)
            remote = self._process(copy, copied_root)
            with remote:
                yield remote

    def _process(self, copy: Path, root: Path | None) -> RemoteProgram:
        limits, conditions = self._conditions.limits, self._conditions
        left = limits.seconds - (time.monotonic() - self._started)
        within = replace(limits, seconds=max(left, 1.0))
        return RemoteProgram(copy, within, conditions.seed, root=root, untrusted=conditions.untrusted)

    def _outcome_of(
        self, remote: Any, points: Sequence[CheckedPoint], place: int, variant: int | None
    ) -> Check | None:
        places = places_in(self._remote, remote)
        # Where its cost is held against what it was, a right gradient may be found sooner, in another layout.
        called_alike = are_called_alike(self._remote, remote)
        if places is None or not (points or called_alike):
            return None
        own = next((there for there, here in places.items() if here == place), None)
        if own is None:
            return self._of_another(remote, places) if variant is None else None
        if variant is not None and variant >= len(remote.gradients[own].variants):
            return None
        remote.choose(own, variant)
        # Of a reference, and of directions in the place of parameters, the cost is not the file's own.
        if not same_costs(remote, [each for each in points if each.point.program is self._remote]):
            return None
        remote.choose(own)
        outcome = self._outcome(remote, remote, own, self._conditions)
        is_of_this = variant is None and points
        before = points[0].point if is_of_this else Point.of_program(remote, remote.describe())
        if not is_verified(outcome, before):
            return None
        others = ((there, here) for there, here in places.items() if there != own)
        return outcome if all(self._stays_right(remote, *other) for other in others) else None

    def _of_another(self, remote: Any, places: Mapping[int, int]) -> Check | None:
        """What is said of the first gradient of a copy that was wrong, where the one that is mended is checked with the
        others once it is right, as a layer's functions are with its class; None where one of them is not right."""
        if not all(self._stays_right(remote, *each) for each in places.items()):
            return None
        first = next((there for there, here in places.items() if not self._was_right(here)), None)
        if first is None:
            return None
        remote.choose(first)
        outcome = self._outcome(remote, remote, first, self._conditions)
        return outcome if is_verified(outcome, Point.of_program(remote, remote.describe())) else None

    def _stays_right(self, remote: Any, there: int, here: int) -> bool:
        return self._is_right(remote, there) or not self._was_right(here)

    def _was_right(self, place: int) -> bool:
        if place not in self._right:
            with self._process(self._remote.path, self._remote.root) as program:
                self._right[place] = self._is_right(program, place)
        return self._right[place]

    def _is_right(self, remote: Any, place: int) -> bool:
        try:
            remote.choose(place)
            return self._outcome(remote, remote, place, self._conditions).right
        except CheckError:
            return False

    def _shown(self, path: Path, content: bytes) -> list[tuple[str, str, str]]:
        """What differs, part by part: its name, and the text before and after."""
        after = source.of_content(path, content).parts
        pairs = zip(source.read(path).parts, after, strict=True)
        return [(self._name(a.name), a.text, b.text) for a, b in pairs if a.text != b.text]

    def _name(self, file: str) -> str:
        """A file as the user calls it: by the way from the one that is checked."""
        if ", cell " in file:
            return file
        path = self._remote.original(file) or Path(file)
        return Path(os.path.relpath(path, self._remote.path.parent)).as_posix()


class _OfGradient(NamedTuple):
    """Verifies repairs of one gradient, or of one of its variants."""

    copies: PatchedCopies
    place: int
    variant: int | None

    def __call__(self, candidate: PossibleRepair, points: Sequence[CheckedPoint]) -> Verified | None:
        verified = self.copies.verified(candidate, points, self.place, self.variant)
        if verified is not None:
            self.copies.known.setdefault(candidate, set()).add(self.place)
        return verified

    def writes_a_setting(self, candidate: PossibleRepair) -> bool:
        return self.copies.writes_a_setting(candidate, self.place)

    def searched(self, done: int, total: int) -> None:
        self.copies.searched(done, total)

    def known(self) -> list[PossibleRepair]:
        return [candidate for candidate, places in self.copies.known.items() if self.place not in places]


def _fits(checked: CheckedPoint) -> bool:
    """Whether a gradient has the shapes of the parameters."""
    try:
        return bool(checked.point.gradient())
    except CheckError:
        return False
