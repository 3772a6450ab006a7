"""The gradient compared where else to look, and what is said of that: what was tried, and what could not be.

A gradient is right when it is right wherever there is a derivative. Where several kinks meet, what a program returns
need not lie between the one-sided slopes: a point at which the cost bends is left for one close beside it.

Where code does not run, or gives no finite numbers, with some number of samples or in some mode, that is no mistake; it
is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.numeric import directions, glance, hygiene
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from chainrule.gradcheck.numeric.surroundings import (
    SAMPLES,
    Variation,
    around,
    beside,
    further,
    of_values,
)
from chainrule.gradcheck.program.point import Point

_LONGEST_REASON = 120
_SEVERAL = 2


@dataclass
class Tried:
    """What was tried beside the given point, and what could not be.

    Attributes:
        values: of what was varied, by what it is called.
        given: the values that these had at the given point.
        reasons: why points could not be tried, and their values.
        count: of the points that were tried.
    """

    given: dict[str, Any]
    values: dict[str, list[Any]] = field(default_factory=dict)
    reasons: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    count: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """``N of 1, 3 and 7``, ``l2 of 0 and 0.1``, ``other parameters``."""
        names = sorted(self.values, key=[*self.given, *self.values].index)
        given = {name: [value] for name, value in self.given.items()}
        return tuple(of_values(name, given.get(name, []) + self.values[name]) for name in names)

    @property
    def left_out(self) -> tuple[str, ...]:
        """``N of 1 (ValueError: no single sample)``."""
        return tuple(
            f"{' and '.join(of_values(name, values) for name, values in varied.items())} ({reason})"
            for reason, varied in self.reasons.items()
        )

    def add(self, variation: Variation, reason: str = "") -> None:
        """That a point was tried, or the reason why it could not be."""
        values = self.reasons.setdefault(reason, {}) if reason else self.values
        self.count += not reason
        for name, value in variation.varied.items():
            if value not in values.setdefault(name, []):
                values[name].append(value)


def points(given: Point, rng: np.random.Generator, tried: Tried) -> tuple[list[CheckedPoint], str]:
    """The given point and those around it at which the user's functions run, each compared entry by entry, but those at
    which a glance tells that all is right; and what is to be said of the given one."""
    first, kinks = _compared(given, "", rng)
    said = "entries lie at kinks, where there is no derivative; the figures are those of a point close beside"

    def looked(variation: Variation) -> CheckedPoint | None:
        return None if _is_seen_right(variation.point, first, rng) else _entrywise(variation, rng)

    others = _each(around(first.point, rng), looked, tried)
    return [first, *others], f"{kinks} {said}" if kinks else ""


def unseen(point: Point, compared: Sequence[CheckedPoint], rng: np.random.Generator) -> list[CheckedPoint]:
    """The gradient compared at a point that nobody could know, where the functions must run; nothing where a glance
    tells that it is right, as at the given one, nor where it is wrong at several already, and the cost no net's."""
    wrong = [checked for checked in compared if checked.verdict == "wrong"]
    if _is_seen_right(point, compared[0], rng) or (point.roles is None and len(wrong) >= _SEVERAL):
        return []
    return [_compared(point, "parameters that nobody could know", rng)[0]]


def _is_seen_right(at: Point, first: CheckedPoint, rng: np.random.Generator) -> bool:
    """Whether a glance tells that the gradient is right at a point, where it is at the first entry by entry."""
    if first.verdict != "right" or at.program.describe().has_numeric:
        # A numeric gradient of the user's is held against ours at several points.
        return False
    zero = [tensor.name for tensor in first.tensors if tensor.zero]
    return glance.is_right_at(at, zero, rng)


def disagreeing(
    first: CheckedPoint, holds: Callable[[Point], bool], rng: np.random.Generator, tried: Tried
) -> list[CheckedPoint]:
    """Of further points, at which a glance is taken, those where gradient and cost disagree.

    Args:
        first: the given point.
        holds: whether the cost is of the same form with another number of samples.
        rng: points and directions are drawn from it.
        tried: what was tried is added to it.
    """

    exact = first.scheme == "complex step"
    slope = directions.exact_slope if exact else directions.central_slope

    def looked(variation: Variation) -> CheckedPoint | None:
        analytic = variation.point.gradient()
        hygiene.refuse_not_finite(variation.point.names, analytic)
        if directions.agree(variation.point, analytic, rng, slope):
            return None
        checked = _entrywise(variation, rng)
        if checked.verdict == "right":
            return None
        if variation.mode and all(map(np.array_equal, analytic, first.analytic)):
            raise CheckError("the gradient is the same in both")
        if SAMPLES in variation.varied and not holds(variation.point):
            raise CheckError("there the cost is another one")
        return checked

    return _each(further(first.point, rng), looked, tried)


def _each(
    variations: Iterable[Variation], compare: Callable[[Variation], CheckedPoint | None], tried: Tried
) -> list[CheckedPoint]:
    """What comes of points at which the user's functions run."""
    checked = []
    for variation in variations:
        try:
            outcome = compare(variation)
        except TimeUpError:
            raise
        except Exception as error:
            # Code that holds for the given data only is no error; what it could not be tried with is said.
            kind = "" if isinstance(error, CheckError) else f"{type(error).__name__}: "
            said, _, _ = f"{kind}{error}".splitlines()[0].partition("; ")
            tried.add(variation, said[:_LONGEST_REASON])
            continue
        tried.add(variation)
        checked += [] if outcome is None else [outcome]
    return checked


def _entrywise(variation: Variation, rng: np.random.Generator) -> CheckedPoint:
    checked, _ = _compared(variation.point, variation.words, rng)
    hygiene.refuse_not_finite(checked.point.names, checked.analytic)
    return checked


def _compared(point: Point, words: str, rng: np.random.Generator) -> tuple[CheckedPoint, int]:
    """The gradient compared at a point; or close beside it, and how many entries lie at kinks that it was left for."""
    here = compare_at(point, rng, words)
    if here.verdict == "right" or not here.kinks:
        return here, 0
    return compare_at(beside(point, rng), rng, words), here.kinks
