"""A change of functions of this process held against their cost where the numbers that they were handed, and the sizes
of their arrays, are others: what a formula has written out of one of them is right for this one alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from chainrule.errors import MisfitError
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_given
from chainrule.gradcheck.numeric.directions import is_large
from chainrule.gradcheck.numeric.surroundings import of_values
from chainrule.gradcheck.program.interface import Patch, Program
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.number_names import another_number
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.handed_in import (
    HandedAxis,
    HandedNumber,
    HandedPart,
    axes_of,
    numbers_of,
    with_others,
)
from chainrule.gradcheck.repair.named_numbers import NamedNumber

_MOST_NUMBERS, _MOST_SIZES, _MOST_TRIED = 12, 6, 40
"""How many numbers, and sizes, are made others, at most; how many sizes are tried."""

_MOST_EQUAL, _MOST_TOGETHER = 6, 3
_LARGEST = 64
"""What is larger is no size that somebody draws arrays of for a check."""


class HandedIn(NamedTuple):
    """What was handed in for a check.

    Attributes:
        program: what is checked.
        values: the functions, and all that they are given.
        names: what each of these is called.
        made: gives the program of other ones.
    """

    program: LocalProgram
    values: Sequence[Any]
    names: Sequence[str]
    made: Callable[[Sequence[Any]], Program]

    def numbers(self) -> list[NamedNumber]:
        """The numbers among them."""
        return [_named(number) for number in numbers_of(self.values, self.names)]


class Elsewhere(NamedTuple):
    """Where else a change is right.

    Attributes:
        points: these.
        words: what had which values.
        fixed: the numbers that could not be others.
    """

    points: list[Point]
    words: tuple[str, ...]
    fixed: list[NamedNumber]


class _Other(NamedTuple):
    """Another value for what has the same."""

    handed: tuple[HandedPart, ...]
    value: float


class _OthersOfOne(NamedTuple):
    """Other values of one: those with which the functions run as they are, or all where there are none.

    Attributes:
        others: these.
        least: with how many of them a change has to be right.
    """

    others: list[_Other]
    least: int


class AtOtherValues:
    """Functions of this process with other values than those that they were handed."""

    def __init__(self, handed: HandedIn) -> None:
        self._handed = handed
        self._numbers = numbers_of(handed.values, handed.names)
        self._right = set[str]()
        self._unfit: list[_Other] = []
        self._doubtful: dict[float, list[_Other]] = {}
        self._order: tuple[int, ...] | None = None
        self._found: list[_OthersOfOne] | None = None

    def right_with(self, patches: Sequence[Patch], order: tuple[int, ...] | None = None) -> Elsewhere | None:
        """Where else changes are right, with gradients in an order that was guessed; None where they are not."""
        self._order = order
        points: list[Point] = []
        right: list[_Other] = []
        for group in self._groups():
            said = [(other, self._point_if_right(other, patches)) for other in group.others]
            holding = [(other, point) for other, point in said if point is not None]
            if len(holding) < group.least:
                return None
            points += [point for _, point in holding]
            right += [other for other, _ in holding]
        return Elsewhere(
            points, (*self._words(right),), [_named(n) for n in self._numbers if not _varied(n, right)]
        )

    def _words(self, right: Sequence[_Other]) -> Iterator[str]:
        """What had which values."""
        if any(isinstance(each, HandedAxis) for other in right for each in other.handed):
            yield "other sizes"
        for number in self._numbers:
            values = _varied(number, right)
            yield of_values(number.name, [number.value, *values]) + ("" if values else " alone")

    def _groups(self) -> list[_OthersOfOne]:
        if self._found is None:
            self._found = [*self._of_numbers(), *self._of_sizes()] if self._can_be_compared() else []
        return self._found

    def _can_be_compared(self) -> bool:
        """Whether there are not too many entries for comparing them often."""
        given = self._handed.program
        if is_large(Point.of_program(given, given.describe())):
            return False
        with contextlib.suppress(MisfitError):
            tensors = compare_given(given, self._order).tensors
            self._right = {tensor.name for tensor in tensors if tensor.verdict == "right"}
        return True

    def _of_numbers(self) -> Iterator[_OthersOfOne]:
        numbers = [number for number in self._numbers if not number.name.startswith("_")][:_MOST_NUMBERS]
        by_value: dict[float, list[HandedNumber]] = {}
        for number in numbers:
            by_value.setdefault(number.value, []).append(number)
        for alike in by_value.values():
            # What is a window's width may be its stride as well; where it may be another alone, each has to hold so.
            ways = [(number,) for number in alike] + ([tuple(alike)] if len(alike) > 1 else [])
            for way in ways:
                others = [_Other(way, value) for value in _other_values(way[0])]
                running = [other for other in others if self._runs(other)]
                # What does not fit may be no value of the functions', such as a width that leaves a rest.
                fitting = [other for other in running if other not in self._unfit]
                yield _OthersOfOne(fitting or running or others, len(fitting) or min(len(running), 1))

    def _of_sizes(self) -> Iterator[_OthersOfOne]:
        by_size: dict[float, list[HandedPart]] = {}
        axes = [axis for axis in axes_of(self._handed.values) if axis.value <= _LARGEST]
        sizes = {axis.value for axis in axes}
        every: list[HandedPart] = [*axes, *(number for number in self._numbers if number.value in sizes)]
        for each in every:
            by_size.setdefault(each.value, []).append(each)
        # Most of those that are equal are one size.
        together = [tuple(equal) for equal in by_size.values() if len(equal) > 1]
        subsets = together[: _MOST_TRIED // 2]
        subsets += sorted((s for equal in by_size.values() for s in _subsets(equal)), key=len)
        found, varied = 0, set[float]()
        for subset in subsets[:_MOST_TRIED]:
            size = int(subset[0].value)
            running = [_Other(subset, value) for value in _other_sizes(size, by_size)]
            fitting = [other for other in running if self._runs(other)]
            if fitting:
                # Whoever takes one size for another is found where a single one is another.
                found += subset not in together
                varied.add(size)
                yield _OthersOfOne(fitting, least=1)
            if found == _MOST_SIZES:
                break
        # Two steps of time may hide what is wrong of each: a size that never was another has to be so somewhere.
        for doubtful in self._doubtful.keys() - varied:
            yield _OthersOfOne(self._doubtful[doubtful], least=1)

    def _runs(self, other: _Other) -> bool:
        """Whether the functions run as they are, and what is right at the values that were handed is so there: sizes
        that do not belong together may run as well."""
        try:
            found = self._compared(other)
        except MisfitError:
            # It may be what is wrong.
            self._unfit.append(other)
            return True
        fits = found is not None and not self._right & {*found.names_not_right}
        if found is not None and not fits and isinstance(other.handed[0], HandedAxis):
            self._doubtful.setdefault(other.handed[0].value, []).append(other)
        return fits

    def _point_if_right(self, other: _Other, patches: Sequence[Patch]) -> Point | None:
        """The point with another value, where the gradient is right with changes."""
        with contextlib.suppress(MisfitError):
            found = self._compared(other, patches)
            return found.point if found and found.verdict == "right" else None
        return None

    def _compared(self, other: _Other, patches: Sequence[Patch] = ()) -> CheckedPoint | None:
        """What comes of the gradient with another value, and with changes; None where it does not run.

        Raises:
            MisfitError: it has other shapes than the parameters.
        """
        try:
            with self._handed.program.changed(patches):
                values = with_others(self._handed.values, other.handed, other.value)
                return compare_given(self._handed.made(values), self._order)
        except MisfitError:
            raise
        except (Exception, SystemExit):
            return None


def _named(number: HandedNumber) -> NamedNumber:
    return NamedNumber(number.name, number.value, 0, 0, 0)


def _varied(number: HandedNumber, right: Sequence[_Other]) -> list[float]:
    return [other.value for other in right if number in other.handed]


def _other_values(number: HandedNumber) -> list[float]:
    """What else a number may be: whatever a whole one divides, 1 fits."""
    name, value = number.name, number.value
    if isinstance(value, float):
        return [float(another_number(name, repr(float(value))))]
    return sorted({2 * value, value + 1, 1} - {value}, reverse=True)


def _other_sizes(size: int, taken: dict[float, list[HandedPart]]) -> list[int]:
    every = dict.fromkeys((size + 2, 2 * size, size + 1))
    return [other for other in every if other not in taken] or [int(max(taken)) + 1]


def _subsets(equal: Sequence[HandedPart]) -> Iterator[tuple[HandedPart, ...]]:
    """What may be one size, but for all that are equal, where they are several: numbers alone are no size of an
    array."""
    for count in range(1, _MOST_TOGETHER + 1):
        for subset in combinations(equal[:_MOST_EQUAL], count):
            is_some = len(subset) < max(len(equal), 2)
            if is_some and any(isinstance(each, HandedAxis) for each in subset):
                yield subset
