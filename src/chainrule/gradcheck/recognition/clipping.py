"""Gradients that are clipped: beyond its bound, a gradient is that of no cost."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point

_FAR = 30.0
"""How many times as large as they are given parameters, or labels, are to be where a gradient reaches its bound."""

_STEPS = 60
"""Of one sequence, all alike: over them the gradient of a recurrent net adds up."""

_DIGITS = 3
"""Of a bound that somebody writes down."""

_CLOSE = 1e-7
"""How far from its bound a norm may be: what it is divided by may be kept from 0."""

_POINTS, _SPREAD = 12, 0.3
"""How many points around the given one a bound is not to be reached at either, and how far off they are, of what the
entries of parameters lie apart."""

_SINGLE = 8
"""How many of the samples are looked at one by one: of a mean, the gradient of one of them is larger."""

_TIMES_SMALLER = (1, 2, 4, 8)
"""How many times smaller parameters may be where a gradient would be clipped."""

_FAR_BELOW, _BELOW = 0.5, 0.9
"""How large a gradient may be, of what it may be at most, for parameters that nobody could know not to clip it, and for
those of which it is known."""

_EXACT, _SEEN = 1e-12, 1e-6
"""How far apart, of the largest, gradients are at most that are in proportion, and at least where some are clipped."""


def _largest(gradients: Sequence[Array]) -> list[float]:
    return [float(np.abs(g).max(initial=0.0)) for g in gradients]


def _norms(gradients: Sequence[Array]) -> list[float]:
    return [float(np.linalg.norm(g)) for g in gradients]


def _whole_norm(gradients: Sequence[Array]) -> list[float]:
    return [float(np.hypot.reduce(_norms(gradients)))]


class Bound(NamedTuple):
    """What a gradient is clipped to.

    Attributes:
        at: the bound.
        measure: what of the gradients it is the bound of.
    """

    at: float
    measure: Callable[[Sequence[Array]], list[float]]

    @property
    def words(self) -> str:
        """``clipped to [-5, 5]``, ``clipped to a norm of 5``."""
        return f"clipped to {f'[-{self.at:g}, {self.at:g}]' if self.measure is _largest else f'a norm of {self.at:g}'}"

    def share(self, gradients: Sequence[Array]) -> float:
        """How large gradients are, of what they may be."""
        return max(self.measure(gradients), default=0.0) / self.at


def bound(program: LocalProgram, *, with_large_parameters: bool = False) -> Bound | None:
    """The bound to which a gradient is clipped; None where it is not: where it is large its largest entries, or its
    norms, are a number that somebody wrote down.

    It is large over many steps, or, of a net that takes just so many, with large labels; where there are no data, with
    large parameters: with these the units of a recurrent net are 1 or -1, and its gradient holds whole numbers that
    nobody wrote.

    Args:
        program: it.
        with_large_parameters: whether these are tried though there are data: a bound too many is better than one that
            is not seen.
    """
    given = Point.of_program(program, program.describe())
    large = [given.with_arrays([_FAR * a for a in given.arrays])] if with_large_parameters else []
    for point in (*_far_away(given), *large):
        with contextlib.suppress(Exception), np.errstate(all="ignore"):
            for at in _bounds(program.gradient(point.arrays, point.data).arrays):
                # What is larger elsewhere was no bound, as the whole numbers of units that are 0 or 1 are none.
                if share_reached(program, at) <= 1 + _CLOSE:
                    return at
    return None


def may_be_reached(program: LocalProgram) -> bool:
    """Whether the largest entry of one of the gradients, or its norm, is a number that somebody wrote down, where the
    program is given: it may be clipped there."""
    given = program.describe()
    gradients = program.gradient(given.arrays, given.data).arrays
    return any(_written(largest) == largest != 0 for largest in _largest(gradients)) or any(
        _bounds(gradients)
    )


def _far_away(given: Point) -> Iterator[Point]:
    """Points at which gradients are large."""
    variable, roles = given.variable, given.roles
    if variable.samples:
        yield given.with_data(variable.with_samples(given.data, np.full(_STEPS, variable.first)))
    if not given.data:
        yield given.with_arrays([_FAR * a for a in given.arrays])
    if roles is not None and np.asarray(given.data[roles.labels]).dtype.kind == "f":
        labels = _FAR * given.data[roles.labels]
        yield given.with_data([labels if i == roles.labels else d for i, d in enumerate(given.data)])


def _bounds(gradients: Sequence[Array]) -> Iterator[Bound]:
    """What large gradients may be clipped to."""
    largest = max(_largest(gradients), default=0.0)
    several = sum(int(np.sum(np.abs(g) == largest)) for g in gradients) > 1
    if several and _written(largest) == largest != 0:
        yield Bound(largest, _largest)
    for measure in (_norms, _whole_norm):
        largest = max(measure(gradients), default=0.0)
        at = _written(largest)
        alike = [abs(norm - at) <= _CLOSE * at for norm in measure(gradients)]
        if at and sum(alike) > (len(alike) > 1):
            yield Bound(at, measure)


def _written(number: float) -> float:
    """The number that somebody writes down for one; 0 for what is none."""
    return float(f"{number:.{_DIGITS}g}") if np.isfinite(number) else 0.0


def share_reached(program: LocalProgram, at: Bound) -> float:
    """How large a gradient is, of what it may be, where the program is given and close by, for all samples and for one
    alone; 1 where it is clipped."""
    given = Point.of_program(program, program.describe())
    rng = np.random.default_rng(0)
    points = [given, *(_beside(given, rng) for _ in range(_POINTS))]
    shares = [at.share(program.gradient(point.arrays, point.data).arrays) for point in points]
    for point in itertools.chain.from_iterable(map(_of_single_samples, points)):
        # Code for batches need not take one sample.
        with contextlib.suppress(Exception), np.errstate(all="ignore"):
            shares.append(at.share(program.gradient(point.arrays, point.data).arrays))
    return max(share for share in shares if not np.isnan(share))


def _of_single_samples(point: Point) -> Iterator[Point]:
    variable = point.variable
    if not variable.samples:
        return
    for sample in dict.fromkeys([variable.first, *range(min(variable.count(point.data), _SINGLE))]):
        yield point.with_data(variable.with_samples(point.data, np.array([sample])))


def times_smaller(program: Callable[[int], LocalProgram]) -> int:
    """How many times smaller parameters are to be for a clipped gradient to stay far below its bound; where none stays
    so, as what outputs are off by adds up over the steps whatever they are, below it. Smaller ones would only hide
    mistakes, as all activations are straight lines near 0. 1 where it is not clipped, or does with its own.

    Args:
        program: the one whose parameters are so many times smaller.
    """
    at = bound(program(1))
    if at is None:
        return 1
    shares = {}
    for times in _TIMES_SMALLER:
        shares[times] = share_reached(program(times), at)
        if shares[times] < _FAR_BELOW:
            return times
    return next((times for times, share in shares.items() if share < _BELOW), _TIMES_SMALLER[-1])


def _beside(given: Point, rng: np.random.Generator) -> Point:
    steps = (_SPREAD * a.std() * rng.standard_normal(a.shape) for a in given.arrays)
    return given.with_arrays([a + step for a, step in zip(given.arrays, steps, strict=True)])


def is_reached(program: LocalProgram, at: Bound) -> bool:
    """Whether a gradient is clipped where the program is given, or close by, or for one of its samples."""
    return share_reached(program, at) > 1 - _CLOSE


def is_clipped(program: LocalProgram, least: float) -> bool:
    """Whether a backward pass gives gradients in proportion to dJ/dout, the data of a layer, exactly up to a bound, and
    others beyond it.

    Whatever bends, as tanh does, comes closer to proportion bit by bit: for some dJ/dout it is out of it by little.

    Args:
        least: the part of the given dJ/dout that is tried as the smallest; a power of two, by which numbers are
            multiplied without being rounded.
    """
    given = program.describe()

    def per_upstream(times: float) -> list[Array]:
        data = tuple(times * np.asarray(d) for d in given.data)
        return [np.asarray(g) / times for g in program.gradient(given.arrays, data).arrays]

    smallest = per_upstream(least / 2)
    close = max(_largest(smallest), default=0.0)

    def apart(times: float) -> float:
        pairs = zip(per_upstream(times), smallest, strict=True)
        return max(_largest([a - b for a, b in pairs]), default=0.0)

    if apart(least) > _EXACT * close:
        return False
    scales = (least * 2.0**n for n in itertools.count(1))
    beyond = [apart(times) for times in itertools.takewhile(lambda times: times <= 1, scales)]
    return max(beyond, default=0.0) > _EXACT * close and not any(
        _EXACT * close < distance < _SEEN * close for distance in beyond
    )
