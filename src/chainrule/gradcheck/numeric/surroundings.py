"""Where else to look: points at which a mistake shows that the given point hides.

Biases of 0, gamma of 1, l2 of 0 and a batch of exactly the size that the code has hard-wired all hide mistakes; so the
gradient is checked again with other parameters, fewer samples, and l2 = 0 and > 0.

A gradient is right when it is right wherever there is a derivative. Where several kinks meet, what a program returns
need not lie between the one-sided slopes: a point at which the cost bends is left for one close beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from chainrule.gradcheck.program.point import Point

SPREAD = 0.3
_L2 = 0.1
_ABOUT_EQUAL = 1e-3


def points(
    given: Point, rng: np.random.Generator, unseen: Point | None = None
) -> tuple[list[CheckedPoint], list[str]]:
    """The given point and those around it at which the user's functions run, each compared; and what is to be said of
    them.

    ``unseen`` is one more that nobody could know (:mod:`.again`); there the functions must run.
    """
    first, kinks = _compared(given, "", rng)
    compared, notes = [first], []
    if kinks:
        notes.append(
            f"{kinks} entries lie at kinks, where there is no derivative; the figures are those of a point close "
            "beside"
        )
    for words, point in _around(first.point, rng):
        try:
            compared.append(_compared(point, words, rng)[0])
        except Exception as error:
            # Code that holds for the given data only is no error; what it could not be tried with is said.
            said = str(error).splitlines()[0][:120]
            notes.append(f"not tried with {words}: {type(error).__name__}: {said}")
    if unseen is not None:
        compared.append(_compared(unseen, "parameters that nobody could know", rng)[0])
    return compared, notes


def _compared(point: Point, words: str, rng: np.random.Generator) -> tuple[CheckedPoint, int]:
    """The gradient compared at a point; or close beside it, and how many entries lie at kinks that it was left for."""
    here = compare_at(point, rng, words)
    if here.verdict == "right" or not here.kinks:
        return here, 0
    return compare_at(beside(point, rng), rng, words), here.kinks


def _around(given: Point, rng: np.random.Generator) -> Iterator[tuple[str, Point]]:
    """Further points, for what is known of the data, each with what is special about it."""
    other, roles, l2 = moved(given, rng), given.roles, given.l2
    if roles is None:
        yield "other parameters", other
        return
    other_l2 = given.with_data(roles.with_l2(given.data, _L2 if l2 == 0.0 else 0.0))
    some_l2 = other.with_data(given.data if l2 != 0.0 else other_l2.data)
    yield "other parameters" + ("" if l2 != 0.0 else f" and l2 = {_L2}"), some_l2
    samples = roles.samples(given.data)
    if roles.complete and samples > 3:
        fewer = np.sort(rng.permutation(samples)[: max(3, samples // 2)])
        yield f"{len(fewer)} samples", some_l2.with_data(roles.with_samples(some_l2.data, fewer))
    if l2 is not None:
        yield f"l2 = {_L2 if l2 == 0.0 else 0.0:g}", other_l2


def moved(point: Point, rng: np.random.Generator, size: float = 1.0) -> Point:
    """A point about as far away as the parameters' entries are from one another, or some part of that."""
    return point.with_arrays([a + size * _spread(a) * rng.standard_normal(a.shape) for a in point.arrays])


def beside(point: Point, rng: np.random.Generator) -> Point:
    """A point so close that nothing but kinks can make a difference."""
    return moved(point, rng, 1e-2)


def _spread(array: Array) -> float:
    """How far to move: as far as the entries lie apart, and at least a twentieth where all are about equal."""
    if not array.size:
        return 0.0
    equal = np.ptp(array) < _ABOUT_EQUAL
    return SPREAD * max(float(array.std()), 0.2 if equal else _ABOUT_EQUAL)
