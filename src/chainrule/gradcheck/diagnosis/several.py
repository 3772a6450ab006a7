"""Two mistakes told apart by the small changes of the source that mend them together, where no single one does.

The gradient is taken with each change alone. Two mistakes that add up are mended by two changes whose
effects do; these are found without another run. Of mistakes one of which works on what the other gives, pairs are run:
first those with a change that makes some entries right by itself, then the likeliest.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.program.point import Point

_MATCH, _LEAST = 1e-6, 1e-9
_MOST_RUNS, _AT_ONCE, _MOST_OF_A_LINE, _MOST_ALIKE = 3000, 300, 1800, 4
_MOST_FIRST = 4
"""How many changes that make some entries right are taken for the first of two."""

_ANOTHER = ("call", "name", "another term")
"""Kinds of changes that put another formula in the place of one."""


class MendedPart(NamedTuple):
    """A change that mends one of several mistakes, and the parameters whose gradients the mistake spoils."""

    patch: Patch
    tensors: tuple[str, ...]


class _Changed(NamedTuple):
    """The gradient with a change, all parameters in one vector; and changes, itself among them, with which it is the
    same: with another one besides, that may be so for some of them alone."""

    patch: Patch
    gradient: Array
    alike: tuple[Patch, ...]


class Wanted(NamedTuple):
    """Which changes may be one of two: those of a line, of all lines where it is None, or additions to it."""

    line: SourceLine | None = None
    additions: bool = False


def _listed(point: Point, wanted: Sequence[Wanted]) -> Iterator[Patch]:
    for line, additions in wanted:
        try:
            every = point.program.patches(point.arrays, point.data, line, additions)
        except Exception:
            # As in watched.watched_values.
            continue
        yield from every if line is None else sorted(every, key=_nearness)[:_MOST_OF_A_LINE]


def _nearness(patch: Patch) -> tuple[bool, int]:
    """What keeps a formula comes before another one in its place, what writes little before what writes much."""
    return patch.kind in _ANOTHER, len(patch.after)


class Pairs:
    """The small changes that may be one of two, each known by the gradient with it.

    Args:
        points: at which the gradient was compared.
        wanted: which changes are meant; by default plain ones everywhere.
        known: changes that have been listed already.
        most: how many are run, by themselves or two together.

    Attributes:
        all_tried: whether none was left out for being one of too many.
        tried: how many were run.
    """

    def __init__(
        self,
        points: Sequence[CheckedPoint],
        wanted: Sequence[Wanted] = (Wanted(),),
        known: Sequence[Patch] = (),
        most: int = 2 * _MOST_RUNS,
    ) -> None:
        not_right = (checked for checked in points if checked.verdict != "right")
        checked = min(not_right, key=lambda checked: sum(np.size(value) for value in checked.point.data))
        self._points, self._vector = points, GradientVector(checked)
        self._given = self._vector.given
        self._wrong = self._vector.wrong(self._given)
        self._runs: list[_Changed] = []
        self._way = np.random.default_rng(0).standard_normal(self._given.size)
        seen: set[bytes] = {self._given.tobytes()}
        listed = [*known, *_listed(checked.point, wanted)]
        groups = self._by_difference(listed)
        self.tried, self._most = 0, most
        of_a_line = max(Counter(patch.line for patch in listed).values(), default=0)
        self.all_tried = of_a_line < _MOST_OF_A_LINE and max(map(len, groups), default=0) <= _MOST_ALIKE
        self.all_tried &= len(groups) <= self._most
        for alike in groups[: self._most]:
            self.tried += 1
            gradient = self._vector.with_changes(alike[:1])
            if (
                gradient is not None
                and gradient.tobytes() not in seen
                and not _spoils(self._vector, gradient)
            ):
                seen.add(gradient.tobytes())
                self._runs.append(_Changed(alike[0], gradient, tuple(alike[:_MOST_ALIKE])))

    def _by_difference(self, patches: Sequence[Patch]) -> list[list[Patch]]:
        """Those that make a difference, by that which they make."""
        along = self._vector.projections(self._way, [[patch] for patch in patches])
        groups: dict[str, list[Patch]] = {f"{self._given @ self._way:.10g}": []}
        for patch, its in zip(patches, along, strict=True):
            if np.isfinite(its):
                groups.setdefault(f"{its:.10g}", []).append(patch)
        return [*groups.values()][1:]

    def adding_up(self) -> list[MendedPart]:
        """Two changes whose effects add up to what is wrong; none where there are no such."""
        return self._first_right(self._adding_up()) if len(self._runs) > 1 else []

    def one_after_another(self) -> list[MendedPart]:
        """Two changes, of so many runs; none where there are no such."""
        return self._first_right(self._run_in_pairs(self._in_order()))

    def behind_what_mends(self) -> list[MendedPart]:
        """The same, where one of the two makes some entries right by itself."""
        return self._first_right(self._run_in_pairs(self._with_mending()))

    def mending_some(self) -> list[Patch]:
        """Those with which a parameter is right that is not without them, and none is spoilt: most parameters first."""
        before = _right_in(self._vector, self._given)
        own = [(run.patch, len(_right_in(self._vector, run.gradient) - before)) for run in self._runs]
        return [patch for patch, count in sorted(own, key=lambda each: -each[1]) if count][:_MOST_FIRST]

    def of_parameters(self, names: Collection[str]) -> list[MendedPart]:
        """A change for each of some parameters with which its gradient is right wherever it was compared, and nothing
        else is spoilt: the likeliest, where all of its kind that do so are of one line, or one line forms what the
        others hand on; none where there is no such."""
        vectors = [GradientVector(checked) for checked in self._points]
        left = {*names} - _right_in(self._vector, self._given)
        mending: dict[str, list[Patch]] = {}
        for run in self._runs:
            own = _right_in(self._vector, run.gradient) & left
            for patch in run.alike if own else ():
                for name in self._mended_with(patch, vectors) & own:
                    mending.setdefault(name, []).append(patch)
        found: dict[Patch, list[str]] = {}
        for name, patches in mending.items():
            one = patched.of_one_line([patch for patch in patches if patch.kind == patches[0].kind])
            if one is not None:
                found.setdefault(one, []).append(name)
        return [MendedPart(patch, tuple(sorted(own))) for patch, own in found.items()]

    def _mended_with(self, patch: Patch, vectors: Sequence[GradientVector]) -> set[str]:
        """The parameters that are right with a change at every point; none where it makes something wrong that was
        right, or the cost another one."""
        own = {*self._vector.of_parameters(self._wrong)}
        for checked, vector in zip(self._points, vectors, strict=True):
            gradient = vector.with_changes([patch])
            if gradient is None or _spoils(vector, gradient) or not patched.same_cost([patch], checked):
                return set()
            own &= _right_in(vector, gradient)
        return own

    def _first_right(self, pairs: Iterator[tuple[Patch, Patch]]) -> list[MendedPart]:
        """Those of the first pair with which the gradient is right wherever it was compared, the earlier line first."""
        for pair in pairs:
            if patched.mends(pair, self._points):
                in_order = sorted(pair, key=lambda patch: (patch.line.file, patch.line.number))
                return [MendedPart(patch, self._vector.names_changed([patch])) for patch in in_order]
        return []

    def _adding_up(self) -> Iterator[tuple[Patch, Patch]]:
        effects = np.array([run.gradient - self._given for run in self._runs])
        need, way = self._vector.numeric - self._given, self._way
        along = effects @ way
        near = (
            np.abs(along[:, np.newaxis] + along - need @ way) <= _MATCH * np.abs(effects @ np.abs(way)).max()
        )
        pairs = ((i, j) for i, j in np.argwhere(near) if i < j)
        for i, j in sorted(pairs, key=sum):
            if not self._vector.wrong(self._given + effects[i] + effects[j]).any():
                yield from itertools.product(self._runs[i].alike, self._runs[j].alike)

    def _run_in_pairs(self, every: Iterator[tuple[_Changed, _Changed]]) -> Iterator[tuple[Patch, Patch]]:
        most = min(_MOST_RUNS, self._most - self.tried)
        pairs = ((first.patch, second.patch) for first, second in itertools.islice(every, most))
        wanted = self._vector.numeric @ self._way
        slack = _MATCH * float(np.linalg.norm(self._vector.numeric) * np.linalg.norm(self._way)) + _LEAST
        while batch := list(itertools.islice(pairs, _AT_ONCE)):
            along = self._vector.projections(self._way, batch)
            self.tried += len(batch)
            for pair, its in zip(batch, along, strict=True):
                gradient = self._vector.with_changes(pair) if abs(its - wanted) <= slack else None
                if gradient is not None and not self._vector.wrong(gradient).any():
                    yield pair
        self.all_tried &= next(every, None) is None

    def _with_mending(self) -> Iterator[tuple[_Changed, _Changed]]:
        """Those with a change that makes some entries right by itself."""
        mending = sorted(self._runs, key=lambda run: -self._mended(run.gradient))
        mending = [run for run in mending[:_MOST_FIRST] if self._mended(run.gradient)]
        for first in mending:
            yield from ((first, second) for second in self._runs if second is not first)

    def _in_order(self) -> Iterator[tuple[_Changed, _Changed]]:
        yield from self._with_mending()
        for together in range(1, 2 * len(self._runs)):
            for i in range(max(0, together - len(self._runs) + 1), (together + 1) // 2):
                yield self._runs[i], self._runs[together - i]

    def _mended(self, gradient: Array) -> int:
        """How many wrong entries are right with a change."""
        return int((self._wrong & ~self._vector.wrong(gradient)).sum())


def _spoils(vector: GradientVector, gradient: Array) -> bool:
    """Whether another gradient is wrong where the given one is right."""
    return bool((vector.wrong(gradient) & ~vector.wrong(vector.given)).any())


def _right_in(vector: GradientVector, gradient: Array) -> set[str]:
    """The parameters that are right of a gradient."""
    every = vector.of_parameters(vector.wrong(gradient)).items()
    return {name for name, entries in every if not entries.any()}
