"""A value on the way back that is not what it should be, with all that may tell what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValue, TrueValues, directions
from chainrule.gradcheck.diagnosis.watched import is_value
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Replacement

NOISE = 1e-7
"""Of true values, in their largest entry."""

_MATCH = 1e-6
_MOST_HELD = 60


class NamedBug(NamedTuple):
    """A bug, and what was seen, in words; ``is_vague``: no more is known than that a slope is missing."""

    bug: Bug
    words: str
    is_vague: bool = False


NamingRule = Callable[["OddValue"], Iterator[NamedBug]]
"""What may be wrong with a value, the likeliest first."""


class OddValue(NamedTuple):
    """A value of a place, the first in a loop that is not what it should be; ``subject``: what it should be the
    derivative by; ``checked``: the point."""

    place: Astray
    given: Array
    right: Array
    subject: TrueValue
    true: TrueValues
    checked: CheckedPoint

    @classmethod
    def of(cls, place: Astray, checked: CheckedPoint, true: TrueValues) -> OddValue:
        turns = zip(place.given, place.right, place.true, strict=True)
        differing = (turn for turn in turns if not is_value(turn[0].array, turn[1]))
        given, right, by = next(differing, (place.given[0], place.right[0], place.true[0]))
        leaf = next((i for i, name in enumerate(checked.point.names) if name in place.tensors), 0)
        return cls(place, given.array, right, by or true.parameter(leaf), true, checked)

    def mends(self, array: Array) -> bool:
        """Whether the parameters of a place of one turn are right with an array in its place."""
        if len(self.place.given) > 1:
            return False
        (value,), vector = self.place.given, GradientVector(self.checked)
        gradient = vector.with_changes([Replacement(value.site, value.occurrence, array)])
        if gradient is None:
            return False
        own = vector.of_parameters(vector.wrong(gradient))
        return not any(own[name].any() for name in self.place.tensors)

    @property
    def told(self) -> Array:
        """The given value along the drawn directions, as its subject's derivative lies."""
        shape = self.subject.at.array.shape
        given = self.given
        if given.ndim == 2 and given.shape != shape and given.T.shape == shape:
            given = given.T
        return directions(given.size) @ given.reshape(-1)

    @property
    def alike(self) -> list[TrueValue]:
        """Other values of the same derivative: a sum has that of its terms."""
        found: list[TrueValue] = []
        for each in self.true.of_size(self.subject.at.array.size):
            arrays = [self.subject.at.array, *(other.at.array for other in found)]
            if near(each.told, self.subject.told) and not any(
                np.array_equal(each.at.array, a) for a in arrays
            ):
                found.append(each)
        return found

    @property
    def later(self) -> list[TrueValue]:
        """What comes behind the subject on the way to the cost, in the next turns of a loop as well."""
        every, its = self.true.in_time, self.subject.parts[:1] or (self.subject,)
        start = next((i + 1 for i, each in enumerate(every) if each is its[0]), 0)
        return every[start : start + _MOST_HELD]


def shown(true: TrueValue, among: Sequence[TrueValue] = ()) -> str:
    """What the source calls a value: the shortest name by which it is used."""
    texts = [each.at.text for each in among if each.is_use and np.array_equal(each.at.array, true.at.array)]
    return f"`{min([true.at.text, *texts], key=len)}`"


def same_value(a: Array, b: Array) -> bool:
    """Whether two arrays are the same but for rounding, in norm."""
    return a.shape == b.shape and bool(np.linalg.norm(a - b) <= _MATCH * float(np.linalg.norm(b)))


def close_to(a: Array, b: Array, whole: Array) -> bool:
    """Whether values are the same but for the noise of what they are a part of."""
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= NOISE * np.abs(whole).max(initial=0)))


def spread_same(a: Array, b: Array) -> bool:
    """Whether a value gives another when it is spread over its shape, along axes in front of its own or behind them;
    what is one number is left to the factors."""
    if a.size < 2:
        return False
    behind = a.reshape(*a.shape, *[1] * (b.ndim - a.ndim))
    return any(_is_spread(each, b) for each in (a, behind))


def _is_spread(a: Array, b: Array) -> bool:
    try:
        return same_value(np.broadcast_to(a, b.shape), b)
    except ValueError:
        return False


def near(a: Array, b: Array) -> bool:
    """Whether derivatives along the drawn directions (k,) are the same."""
    return bool(np.all(np.abs(a - b) <= _MATCH * np.maximum(np.abs(a), np.abs(b)).max()))


def is_nothing(a: Array, beside: Array) -> bool:
    """Whether derivatives along the drawn directions (k,) are 0 beside others."""
    return bool(np.abs(a).max() <= _MATCH * np.abs(beside).max())
