"""A change verified where the functions are: for what is typed in, and has no file that could be run again."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.program.interface import Patch, Program
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.at_other_values import AtOtherValues, Elsewhere, HandedIn
from chainrule.gradcheck.repair.edited_files import diff
from chainrule.gradcheck.repair.named_numbers import (
    NamedNumber,
    named_numbers,
    settings_named,
    settings_written,
)
from chainrule.gradcheck.repair.possible import PossibleRepair
from chainrule.gradcheck.repair.search import Verified, is_verified
from chainrule.gradcheck.repair.special_points import names_an_equal_size, sizes_at, writes_a_size
from chainrule.gradcheck.result import TextEdit


class Patched:
    """A program that runs with changes of its source, as a
    :class:`chainrule.gradcheck.program.interface.Program`."""

    def __init__(self, program: Program, patches: Sequence[Patch]) -> None:
        self._program, self._patches = program, patches

    def __getattr__(self, request: str) -> Callable[..., Any]:
        return getattr(self._program, request)  # type: ignore[no-any-return]

    def cost(self, arrays: Any, data: Any, changes: Any = ()) -> complex:
        """J, with the changes."""
        return self._program.cost(arrays, data, changes or self._patches)

    def costs(self, arrays: Any, data: Any, leaf: int, entries: Array, steps: Array) -> Array:
        """J with each of some entries moved, with the changes."""
        units = ((entry, step) for entry, step in zip(entries, steps, strict=True))
        return np.array([self.cost(_moved(arrays, leaf, *unit), data) for unit in units])

    def along(self, arrays: Any, data: Any, direction: Any, steps: Array) -> Array:
        """J at steps along a direction, with the changes."""
        points = ([a + t * v for a, v in zip(arrays, direction, strict=True)] for t in steps)
        return np.array([self.cost(point, data) for point in points])

    def gradient(self, arrays: Any, data: Any, changes: Any = (), function: Any = "gradient") -> Any:
        """The gradient, with the changes."""
        return self._program.gradient(arrays, data, changes or self._patches, function)

    def update(self, arrays: Any, gradient: Any, rate: float) -> list[Array]:
        """The parameters after one step, with the changes."""
        taken = self.gradient(arrays, (gradient, rate), function="update").arrays
        return [before - step for before, step in zip(arrays, taken, strict=True)]


def _moved(arrays: Any, leaf: int, entry: int, step: complex) -> list[Array]:
    moved = [np.array(array, dtype=np.result_type(array, step)) for array in arrays]
    moved[leaf].reshape(-1)[entry] += step
    return moved


class InPlace:
    """Verifies changes of functions of this process.

    Args:
        check: the check, without causes.
        shown: what the user calls a file, by the name that tracebacks have for it.
        handed: what was handed in, where it can be made another.
    """

    def __init__(
        self,
        check: Callable[[Program], Check],
        shown: Callable[[str], str],
        handed: HandedIn | None = None,
    ) -> None:
        self._check, self._shown = check, shown
        self._handed = handed.numbers() if handed else []
        self._others = AtOtherValues(handed) if handed else None

    def __call__(self, candidate: PossibleRepair, points: Sequence[CheckedPoint]) -> Verified | None:
        compared = [checked.point for checked in points]
        if self._writes_out(candidate.patches):
            return None
        # It takes less than the check, and most of what is wrong is so there; of several the order may be guessed yet.
        is_one = len(compared[0].arrays) == 1
        if is_one and self._others and self._others.right_with(candidate.patches) is None:
            return None
        program: Any = Patched(points[0].point.program, candidate.patches)
        try:
            outcome = self._check(program)
        except Exception:
            # What does not run is no repair.
            return None
        if not is_verified(outcome, points[0].point):
            return None
        elsewhere = self._elsewhere(candidate.patches, compared, outcome)
        differences = self._differences(candidate.edits)
        if elsewhere is None or not all(differences):
            return None
        edits = tuple(edit._replace(file=self._shown(edit.file)) for edit in candidate.edits)
        points_of_all = outcome.points + len(elsewhere.points)
        return Verified("".join(differences), edits, points_of_all, (*outcome.tried, *elsewhere.words))

    def writes_a_setting(self, candidate: PossibleRepair) -> bool:
        """Whether a change may have written out a number that its file names, or one that was handed in."""
        numbers = [*_named_numbers(candidate.patches), *self._handed]
        return bool(settings_written(candidate.patches, numbers))

    def _writes_out(self, patches: Sequence[Patch]) -> bool:
        """Whether changes may have written out a number of their file that was not handed in: with others it cannot be
        tried."""
        handed = {(number.name, number.value) for number in self._handed}
        numbers = [n for n in _named_numbers(patches) if (n.name, n.value) not in handed]
        return bool(settings_written(patches, numbers))

    def _elsewhere(
        self, patches: Sequence[Patch], compared: Sequence[Point], outcome: Check
    ) -> Elsewhere | None:
        """Where else changes are right; None where they are not, or may be so for a size or a number alone that never
        was another."""
        order = outcome.order or None
        elsewhere = self._others.right_with(patches, order) if self._others else Elsewhere([], (), [])
        if elsewhere is None:
            return None
        every = [*compared, *elsewhere.points]
        may_be_special = (
            writes_a_size(patches, [*map(sizes_at, every)])
            or names_an_equal_size(patches, every)
            or settings_written(patches, elsewhere.fixed)
            or settings_named(patches, elsewhere.fixed)
        )
        return None if may_be_special else elsewhere

    def known(self) -> list[PossibleRepair]:
        """None: a single gradient is checked."""
        return []

    def searched(self, done: int, total: int) -> None:
        """Not shown: what calls this shows its own progress."""

    def _differences(self, edits: Sequence[TextEdit]) -> list[str]:
        """A diff for each file; nothing for one whose text is another by now."""
        differences = []
        for file in dict.fromkeys(edit.file for edit in edits):
            before = "".join(linecache.getlines(file))
            after = applied(before, [edit for edit in edits if edit.file == file])
            differences.append(diff(self._shown(file), before, after) if after else "")
        return differences


def _named_numbers(patches: Sequence[Patch]) -> list[NamedNumber]:
    """Those of the files that are changed: what is right with others cannot be tried where the functions are."""
    files = dict.fromkeys(patch.line.file for patch in patches)
    return [number for file in files for number in named_numbers("".join(linecache.getlines(file)))]


def file_name(file: str) -> str:
    """The name of a file."""
    return Path(file).name
