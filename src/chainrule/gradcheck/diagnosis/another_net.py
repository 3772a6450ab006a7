"""A gradient that is right for a net of known form which is not the cost's: what is wrong, and with which of the two.

That the gradient is a usual net's does not make the cost wrong. It is where values say so: it does not change with its
data, or takes every sample by itself where the gradient is that of batch statistics. The gradient is wrong where the
cost heeds something that the gradient does not: an argument, or numbers that it draws, as dropout does. Elsewhere they
disagree, and it is said of which net the gradient is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.state import COST_CONSTANT, COST_MODE_MISMATCH
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import reading
from chainrule.gradcheck.diagnosis.evidence import LIKELY, Evidence, is_right, same
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.diagnosis.watched import watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause, Fault, Line

_OF_EITHER = (
    "decide which of them is meant: differentiate that cost, or compute the one whose gradient this is"
)
_ON_THE_WAY_BACK = (
    "take it into account on the way back too: where dropout multiplies outputs by a mask and a scale, the error that "
    "comes back is multiplied by the same"
)

_DRAWS = re.compile(
    r"\brandom\b|\brand(n|om_sample)?\(|\b(np_)?rng\b|\b(binomial|bernoulli)\(", re.IGNORECASE
)


class AnotherNet(NamedTuple):
    """What is wrong, with which of the two, and the net that the gradient belongs to."""

    fault: Fault
    cause: Cause
    net: Reading


class _Disagreement(NamedTuple):
    fault: Fault
    bug: Bug
    words: str
    repair: str = ""


def found(points: Sequence[CheckedPoint], read: Reading | None) -> AnotherNet | None:
    """The net that the gradient is right for, and what that says; None where it is right for none, or for that which
    the cost was read as."""
    first = points[0].point
    for guess in reading.guessed(first):
        if (read is None or guess.form != read.form) and all(
            is_right(Evidence(checked, guess.at(checked.point))) for checked in points
        ):
            fault, bug, words, repair = _what_is_wrong(points, guess, read)
            return AnotherNet(fault, bug.cause(first.names, LIKELY, words, repair), guess)
    return None


def _what_is_wrong(points: Sequence[CheckedPoint], guess: Reading, read: Reading | None) -> _Disagreement:
    if all(_is_penalty_only(checked, guess) for checked in points):
        words = "the cost's data part stays the same whatever the parameters"
        return _Disagreement("cost", COST_CONSTANT, words)
    if guess.form.eps is not None and _separable(points[0].point):
        words = "the cost treats every sample by itself, as in evaluation mode, the gradient is of batch statistics"
        return _Disagreement("cost", COST_MODE_MISMATCH, words)
    point = points[0].point
    net = f"the gradient is right for {reading.described(guess, point)}"
    unheeded = _unheeded(point)
    if unheeded:
        words = f"{net}, without {unheeded}, on which the cost depends"
        return _Disagreement("gradient", UNKNOWN, words, _ON_THE_WAY_BACK)
    other = "is not that net's" if read is None else f"is that of {reading.described(read, point)}"
    words = f"{net}, the cost {other}; nothing says which of the two is meant"
    return _Disagreement("cost or gradient", UNKNOWN, words, _OF_EITHER)


def _is_penalty_only(checked: CheckedPoint, guess: Reading) -> bool:
    """Whether the numeric gradient is the penalty's, or 0, so that the data part has none."""
    penalised, arrays = guess.at(checked.point).penalty, checked.point.arrays
    penalty = [np.zeros_like(a) for a in arrays]
    for layer, place in enumerate(guess.layout.weights, start=1):
        if place.bias_column is None:
            penalty[place.leaf] = 2 * penalised[f"W{layer}"] * arrays[place.leaf]
    pairs = list(zip(checked.numeric, penalty, strict=True))
    return any(all(np.allclose(n, times * own, atol=1e-9) for n, own in pairs) for times in (0.0, 1.0))


def _separable(point: Point) -> bool:
    """Whether the cost of the batch is the mean of the samples' costs."""
    variable = point.variable
    if not variable.samples:
        return False
    samples = (np.array([i]) for i in range(variable.count(point.data)))
    try:
        each = [point.with_data(variable.with_samples(point.data, sample)).cost() for sample in samples]
        whole = point.cost()
    except Exception:
        return False
    return bool(abs(np.mean(each) - whole) <= 1e-9 * max(1.0, abs(whole)))


def _unheeded(point: Point) -> str:
    """What the cost depends on, and the gradient does not, in words; empty where there is no such thing."""
    cost, gradient = point.cost(), point.gradient()
    for name, other in _with_other_arguments(point):
        try:
            if other.cost() != cost and all(map(same, other.gradient(), gradient)):
                return name
        except Exception:
            # Another value need not be one that the code can do with.
            continue
    drawn = _drawn_for_samples(point)
    return f"the numbers drawn in {drawn.place}" if drawn else ""


def _with_other_arguments(point: Point) -> Iterator[tuple[str, Point]]:
    """The point with another value of each argument that is neither inputs nor labels nor the penalty's factor."""
    roles, names = point.roles, point.program.describe().data_names
    known = () if roles is None else (roles.inputs, roles.labels, roles.l2)
    for place, value in enumerate(point.data):
        other = None if place in known else _other_value(value)
        if other is not None:
            data = [*point.data[:place], other, *point.data[place + 1 :]]
            yield names[place] if place < len(names) else "an argument", point.with_data(data)


def _other_value(value: Any) -> Any:
    """A switch turned, a number or its share of 1 made smaller, the entries of a mask moved along; None of all else."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return 0.9 * value if value else 0.1
    if isinstance(value, np.ndarray) and value.ndim > 1 and value.dtype.kind in "fb":
        return np.roll(value, 1)
    if isinstance(value, list) and value and all(_other_value(part) is not None for part in value):
        return [_other_value(part) for part in value]
    return None


def _drawn_for_samples(point: Point) -> Line | None:
    """The line on which the cost draws fractions, or masks, for each of the samples."""
    count = 0 if point.roles is None else point.roles.samples(point.data)
    arrays = (value for value in watched_values(point, "cost") if value.array.ndim > 1)
    masks = (value for value in arrays if count in value.array.shape and value.array.dtype.kind in "fb")
    return next((Line.of_source(*mask.line) for mask in masks if _DRAWS.search(mask.line.text)), None)
