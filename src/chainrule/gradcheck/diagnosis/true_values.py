"""What a backward pass should hold: the derivative of the cost by every value on the way forward, and by every use of
one. No rule for any operation is needed: each value is moved where it is formed, or used, and the cost seen to change.

A derivative along two drawn directions tells which value of the backward pass is which true one, in four runs of the
forward pass for each; all entries of a true value are found only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.watched import (
    are_uses,
    evaluations,
    in_few_turns,
    is_read,
    key_of,
    up_to_value,
    watched_values,
)
from chainrule.gradcheck.program.interface import Replacement, SourceLine, WatchedValue
from chainrule.gradcheck.program.point import Point

_MOST_PLACES = 1500
"""How many values and uses are told apart."""

_MOST_EVALUATIONS = 400_000
"""Of expressions for one direction of them all."""

_MOST_EVALUATIONS_OF_ENTRIES = 4_000_000
"""Of expressions for all entries of true values."""

_MOST_ENTRIES, _MOST_READ = 500, 2000
"""Values with more entries are left alone; of what is read, as parameters are, with more of them."""

_DIRECTIONS = 2
_MATCH = 1e-6


@dataclass
class TrueValue:
    """The derivative of the cost by a value of the forward pass, or by one use of it.

    Attributes:
        at: the value, and where it is formed or used.
        told: the derivative along each of the directions drawn for values of its size (k,).
        is_use: whether it is that of one use alone.
        parts: of what is the sum over some uses, those by each of them.
    """

    at: WatchedValue
    told: Array
    is_use: bool = False
    parts: tuple[TrueValue, ...] = ()


class TrueValues:
    """Those of a program at a point."""

    def __init__(self, point: Point) -> None:
        self.point, self._entries, self._spent = point, dict[tuple[str, int], Array](), 0

    @cached_property
    def forward(self) -> list[WatchedValue]:
        """Every value and use on the way to the cost, and what a function forms before it that gives the gradient as
        well."""
        return up_to_value(watched_values(self.point, "cost", uses=True), self.point.cost())

    @cached_property
    def every(self) -> list[TrueValue]:
        """All that the cost depends on, in the order of the forward pass."""
        return [each for each in self._told if each.told.any()]

    @cached_property
    def in_time(self) -> list[TrueValue]:
        """The same, each turn of a loop behind the one before it, not all turns of an expression together."""
        places = {id(at): place for place, at in enumerate(self.forward)}
        return sorted(self.every, key=lambda each: places[id(each.at)])

    @cached_property
    def idle(self) -> list[TrueValue]:
        """What the cost depends on in other turns of a loop, but not in its own, as the only score of a softmax."""
        return [each for each in self._told if not each.told.any() and each.at.site in self.sites_of_the_cost]

    @cached_property
    def _told(self) -> list[TrueValue]:
        """All that is moved, and what the cost does then."""
        ways = [
            (each, way.reshape(each.array.shape))
            for each in self._moved
            for way in directions(each.array.size)
        ]
        told = _slopes(self.point, ways).reshape(len(self._moved), _DIRECTIONS)
        return [
            TrueValue(each, its, is_use)
            for each, its, is_use in zip(self._moved, told, are_uses(self._moved), strict=True)
            if np.isfinite(its).all()
        ]

    @cached_property
    def of_turns(self) -> list[TrueValue]:
        """Those by all uses of a value in one turn of a loop, where there are several, and that is not all that it is
        used for: what comes back to the turn before."""
        whole = {key_of(each.at.array): each.told for each in self.every if not each.is_use}
        uses: dict[tuple[tuple[int, ...], bytes, int], list[TrueValue]] = {}
        for each in (each for each in self.every if each.is_use):
            uses.setdefault((*key_of(each.at.array), each.at.occurrence), []).append(each)
        together = [
            TrueValue(group[0].at, np.sum([each.told for each in group], axis=0), True, tuple(group))
            for group in uses.values()
            if len(group) > 1
        ]
        found = (
            t for t in together if not np.allclose(t.told, whole.get(key_of(t.at.array), 0), rtol=_MATCH)
        )
        return sorted(found, key=lambda each: each.at.occurrence)

    @cached_property
    def _moved(self) -> list[WatchedValue]:
        """What is moved to see whether the cost changes."""
        most = min(_MOST_PLACES, _MOST_EVALUATIONS // self._evaluations)
        return [each for each in in_few_turns(self.forward) if _can_be_moved(each)][:most]

    def entries(self, true: TrueValue) -> Array:
        """All of one, in the value's shape."""
        if true.parts:
            together: Array = np.sum([self.entries(part) for part in true.parts], axis=0)
            return together
        key, array = (true.at.site, true.at.occurrence), true.at.array
        if key not in self._entries:
            self._spent += self._price(true)
            units = np.eye(array.size).reshape(array.size, *array.shape)
            self._entries[key] = _slopes(self.point, [(true.at, unit) for unit in units]).reshape(array.shape)
        return self._entries[key]

    def knows(self, true: TrueValue) -> bool:
        """Whether all entries of one are known."""
        if true.parts:
            return all(map(self.knows, true.parts))
        return (true.at.site, true.at.occurrence) in self._entries

    def affords(self, true: TrueValue) -> bool:
        """Whether all entries of one are known, or can be found in the time that is meant for them."""
        return self.knows(true) or self._spent + self._price(true) <= _MOST_EVALUATIONS_OF_ENTRIES

    def along(self, ways: Sequence[tuple[TrueValue, Array]]) -> Array:
        """The derivative of the cost along each of some ways, arrays of the values' shapes, (n,)."""
        each = [(part.at, way) for true, way in ways for part in true.parts or (true,)]
        starts = np.cumsum([0, *(len(true.parts) or 1 for true, _ in ways)])[:-1]
        return np.add.reduceat(_slopes(self.point, each), starts) if each else np.empty(0)

    def _price(self, true: TrueValue) -> int:
        return (len(true.parts) or 1) * true.at.array.size * self._evaluations

    @cached_property
    def _evaluations(self) -> int:
        return max(1, evaluations(self.forward))

    @cached_property
    def _by_size(self) -> dict[int, tuple[list[TrueValue], Array]]:
        sizes: dict[int, list[TrueValue]] = {}
        for true in self.every:
            sizes.setdefault(true.at.array.size, []).append(true)
        return {size: (values, np.array([each.told for each in values])) for size, values in sizes.items()}

    def of_size(self, size: int) -> list[TrueValue]:
        """Those of so many entries."""
        return self._by_size.get(size, ([], np.empty(0)))[0]

    def matching(self, array: Array) -> Iterator[TrueValue]:
        """Those that a value is, as it is or transposed."""
        values, told = self._by_size.get(array.size, ([], np.empty((0, _DIRECTIONS))))
        if not values or array.dtype.kind not in "fiub":
            return
        ways, near = directions(array.size), np.zeros(len(values), dtype=bool)
        for flat in (array.reshape(-1), array.T.reshape(-1)):
            along = ways @ flat.astype(float)
            near |= np.all(
                np.abs(told - along) <= _MATCH * (np.abs(told) + np.abs(along)).max(axis=1, keepdims=True),
                axis=1,
            )
        yield from (each for each, is_near in zip(values, near, strict=True) if is_near)

    def parameter(self, leaf: int) -> TrueValue:
        """The derivative by a parameter."""
        at = self.parameter_value(leaf)
        return TrueValue(at, self._along_directions(at, ()))

    def parameter_value(self, leaf: int) -> WatchedValue:
        """A parameter as the program moves it: at no site."""
        name, array = self.point.names[leaf], self.point.arrays[leaf]
        return WatchedValue("", leaf, SourceLine("", 0, ""), "", name, array)

    def without(self, true: TrueValue, *held: TrueValue) -> Array:
        """The derivative along the drawn directions with some values held as they are (k,)."""
        along: Array = np.sum(
            [self._along_directions(part.at, held) for part in true.parts or (true,)], axis=0
        )
        return along

    def _along_directions(self, at: WatchedValue, held: Sequence[TrueValue]) -> Array:
        ways = [(at, way.reshape(at.array.shape)) for way in directions(at.array.size)]
        fixed = [Replacement(each.at.site, each.at.occurrence, each.at.array) for each in held]
        return _slopes(self.point, ways, fixed)

    def with_moved(self, at: WatchedValue, way: Array | float) -> dict[tuple[str, int], Array]:
        """Every value of the forward pass with one moved."""
        arrays, moved = list(self.point.arrays), at.array + way
        changes = [Replacement(at.site, at.occurrence, moved)] if at.site else []
        if not at.site:
            arrays[at.occurrence] = moved
        try:
            again = self.point.program.trace(arrays, self.point.data, "cost", False, changes)
        except Exception:
            # Not every value can be another one.
            return {}
        return {(each.site, each.occurrence): each.array for each in again}

    @cached_property
    def backward(self) -> list[WatchedValue]:
        """The values of the backward pass, without those of expressions that the cost comes by: what is computed again
        of the way forward is right, and so is a helper of both ways, whatever it is given."""
        of_cost = {each.site for each in self._of_cost}
        return [value for value in watched_values(self.point, "gradient") if value.site not in of_cost]

    @property
    def _of_cost(self) -> list[WatchedValue]:
        """The values on the way to the cost, without those that make no difference to it: a function that gives the
        gradient as well forms that on its way."""
        idle = {each.site for each in self._moved} - self.sites_of_the_cost
        return [value for value in self.forward if value.site not in idle]

    @cached_property
    def sites_of_the_cost(self) -> set[str]:
        """The expressions whose values the cost depends on."""
        return {true.at.site for true in self.every}

    @cached_property
    def _formed(self) -> set[int]:
        given = [np.asarray(value) for value in self.point.data if isinstance(value, np.ndarray)]
        arrays = [*(value.array for value in self.backward), *given]
        return {id(true) for array in arrays for true in self.matching(array)}

    def is_formed(self, true: TrueValue) -> bool:
        """Whether a value of the backward pass is this one, or what it is given."""
        return id(true) in self._formed

    def has(self, array: Array) -> bool:
        """Whether a value is one of them."""
        return next(self.matching(array), None) is not None


def directions(size: int) -> Array:
    """The directions along which values of so many entries are moved (k, size)."""
    return np.random.default_rng(size).standard_normal((_DIRECTIONS, size))


def _can_be_moved(value: WatchedValue) -> bool:
    array, most = value.array, _MOST_READ if is_read(value) else _MOST_ENTRIES
    return array.dtype.kind == "f" and 0 < array.size <= most and bool(np.isfinite(array).all())


def _slopes(
    point: Point, ways: Sequence[tuple[WatchedValue, Array]], held: Sequence[Replacement] = ()
) -> Array:
    """The derivative of the cost along each way that a value is moved, (n,)."""
    moves = [Replacement(at.site, at.occurrence, way) for at, way in ways]
    return point.program.slopes(point.arrays, point.data, moves, held)
