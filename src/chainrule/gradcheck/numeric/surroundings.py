"""Where else to look: points at which a mistake shows that the given point hides.

Biases of 0, gamma of 1, l2 of 0 and a batch of exactly the size that the code has hard-wired all hide mistakes; so the
gradient is checked again with other parameters, fewer samples, and l2 = 0 and > 0.

A gradient is right when it is right wherever there is a derivative. Where several kinks meet, what a program returns
need not lie between the one-sided slopes: a point at which the cost bends is left for one close beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric import point
from chainrule.gradcheck.numeric.point import Point
from chainrule.gradcheck.program.roles import Roles
from chainrule.gradcheck.program.subject import Arrays, Data, Subject

_SPREAD = 0.3
_L2 = 0.1
_ABOUT_EQUAL = 1e-3


@dataclass(frozen=True)
class _Place:
    """Parameters and data of a point, and what is special about it; no words for the given one."""

    words: str
    arrays: list[Array]
    data: list[Any]


def points(
    subject: Subject,
    names: Sequence[str],
    arrays: Arrays,
    data: Data,
    roles: Roles | None,
    rng: np.random.Generator,
) -> tuple[list[Point], list[str]]:
    """The given point and those around it at which the user's functions run, each compared; and what is to be said of
    them."""
    first, kinks = _compared(subject, names, _Place("", list(arrays), list(data)), rng)
    found, notes = [first], []
    if kinks:
        notes.append(
            f"{kinks} entries lie at kinks, where there is no derivative; the figures are those of a point close "
            "beside"
        )
    for place in _around(first.arrays, data, roles, rng):
        try:
            found.append(_compared(subject, names, place, rng)[0])
        except Exception as error:
            # Code that holds for the given data only is no error; what it could not be tried with is said.
            said = str(error).splitlines()[0][:120]
            notes.append(f"not tried with {place.words}: {type(error).__name__}: {said}")
    return found, notes


def _compared(
    subject: Subject, names: Sequence[str], place: _Place, rng: np.random.Generator
) -> tuple[Point, int]:
    """The gradient compared at a place; or close beside it, and how many entries lie at kinks that it was left for."""
    here = point.at(subject, names, place.arrays, place.data, rng, place.words)
    if here.verdict == "right" or not here.kinks:
        return here, 0
    return point.at(subject, names, beside(place.arrays, rng), place.data, rng, place.words), here.kinks


def _around(
    arrays: Sequence[Array], data: Data, roles: Roles | None, rng: np.random.Generator
) -> Iterator[_Place]:
    """Further points, for what is known of the data."""
    moved = [a + _spread(a) * rng.standard_normal(a.shape) for a in arrays]
    if roles is None:
        yield _Place("other parameters", moved, list(data))
        return
    l2 = None if roles.l2 is None else float(data[roles.l2])
    other_l2 = roles.with_l2(data, _L2 if l2 == 0.0 else 0.0)
    some_l2 = data if l2 != 0.0 else roles.with_l2(data, _L2)
    yield _Place("other parameters" + ("" if l2 != 0.0 else f" and l2 = {_L2}"), moved, list(some_l2))
    samples = roles.samples(data)
    if roles.complete and samples > 3:
        fewer = np.sort(rng.permutation(samples)[: max(3, samples // 2)])
        yield _Place(f"{len(fewer)} samples", moved, roles.with_samples(some_l2, fewer))
    if l2 is not None:
        yield _Place(f"l2 = {_L2 if l2 == 0.0 else 0.0:g}", list(arrays), other_l2)


def beside(arrays: Sequence[Array], rng: np.random.Generator) -> list[Array]:
    """A point so close that nothing but kinks can make a difference."""
    return [a + 1e-2 * _spread(a) * rng.standard_normal(a.shape) for a in arrays]


def _spread(array: Array) -> float:
    """How far to move: as far as the entries lie apart, and at least a twentieth where all are about equal."""
    equal = array.size and np.ptp(array) < _ABOUT_EQUAL
    return _SPREAD * max(float(array.std()), 0.2 if equal else _ABOUT_EQUAL)
