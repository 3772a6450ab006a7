"""The line on which a wrong value is formed: where putting the right value in its place mends the gradient or the cost.

Every expression of the user's source is watched once. For each one, the right values of the derivation that have its
shape are put in its place, in turn; if the outcome is right then, that expression is where it goes wrong. Of several
such places the first is meant whose value is not right already; values that are right, but not the ones that belong
there (probabilities where the error of the scores should be), come after, the last of them first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.watched import (
    at_its_call,
    by_site,
    formed,
    is_value,
    not_of_a_helper,
    watched_values,
)
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Changes, Replacement, WatchedValue
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Line

_MATCH = 1e-6
_NUMERIC = "numeric gradient"
"""The kind of the right values of what comes back."""

_MOST_TRIALS = 2000
_MOST_EVALUATIONS = 500_000
"""In all trials: loops over single numbers evaluate thousands of expressions in each."""

Forms = Callable[[Sequence["RightValue"], tuple[int, ...]], Iterator[Array]]
"""The arrays of a shape that values can stand for."""
Mends = Callable[[Sequence[Replacement]], bool]
"""Whether the outcome is right with some values replaced."""


@dataclass(frozen=True)
class RightValue:
    """A right value of the derivation: its kind and layer, and the array with samples as rows."""

    kind: str
    layer: int
    array: Array


@dataclass(frozen=True)
class Expected:
    """What the values on the way should be, and what a known mistake makes of them.

    Attributes:
        right: right values.
        wanted: those of them that the mistake changes, all of them where it is not known.
        mistaken: what it makes of these.
        meant: right values that the mistake leaves as they are and does not use where it should.
    """

    right: Sequence[RightValue]
    wanted: Sequence[RightValue]
    mistaken: Sequence[RightValue] = ()
    meant: Sequence[RightValue] = ()

    def is_right(self, array: Array, samples: float = 1.0) -> bool:
        """Whether a value is right, whatever it is used for; where the mistake is known, also where its mean over
        ``samples`` is taken later."""
        scales = (1.0, samples) if self.mistaken else (1.0,)
        return any(
            is_value(array, form) for scale in scales for form in _forms(self.right, array.shape, scale)
        )

    def is_mistaken(self, array: Array) -> bool:
        """Whether a value is what the mistake gives."""
        return any(is_value(array, form) for form in _forms(self.mistaken, array.shape, 1.0))


def in_the_gradient(checked: CheckedPoint, expected: Expected) -> Line | None:
    """Where the gradient goes wrong at a point; None if not found."""
    own = [RightValue(_NUMERIC, 0, n) for n in checked.numeric]
    mends = partial(is_right_with, checked)
    expected = replace(expected, wanted=[*expected.wanted, *own])
    watched = watched_values(checked.point, "gradient")
    if not expected.mistaken:
        watched = formed(watched)
    own_values = not_of_a_helper(watched, watched_values(checked.point, "cost"))
    line = _first_that_mends(own_values, expected, mends)
    return line if line or len(own_values) == len(watched) else _first_that_mends(watched, expected, mends)


def is_right_with(checked: CheckedPoint, changes: Changes) -> bool:
    """Whether the gradient at a point is the numeric one with changes on the way.

    Raises:
        Exception: they do not suit the code that follows.
    """
    pairs = zip(checked.point.gradient(changes), checked.numeric, strict=True)
    return all(np.linalg.norm(g - n) <= gap_left(n) for g, n in pairs)


def gap_left(numeric: Array) -> float:
    """How far a right gradient of a parameter may lie from the numeric one, in norm."""
    return _MATCH * float(np.linalg.norm(numeric)) + 1e-9


def in_the_cost(point: Point, expected: Expected, wanted: float) -> Line | None:
    """Where the cost goes wrong at a point, given the right cost; None if not found."""

    def mends(replacements: Sequence[Replacement]) -> bool:
        return abs(point.cost(replacements) - wanted) <= 1e-9 * max(1.0, abs(wanted))

    return _first_that_mends(watched_values(point, "cost"), expected, mends)


def _first_that_mends(evaluations: Sequence[WatchedValue], expected: Expected, mends: Mends) -> Line | None:
    """Values that the mistake passes over first; then wrong values; then right ones that are out of place; last
    values of another shape."""
    samples = float(next((v.array.shape[0] for v in expected.right if v.kind == "s"), 1))
    as_they_are: list[Forms] = [partial(_forms, scale=scale) for scale in dict.fromkeys((1.0, samples))]
    are_right = [
        expected.is_right(e.array, samples) and not expected.is_mistaken(e.array) for e in evaluations
    ]
    wrong = [e for e, is_right in zip(evaluations, are_right, strict=True) if e.use or not is_right]
    right = [e for e, is_right in zip(evaluations, are_right, strict=True) if is_right and not e.use]
    search = partial(_mending, groups=by_site(evaluations), mends=mends, samples=samples)
    # A value that is right, used in the place of another, is right for its earlier uses.
    mending = list(search(evaluations, expected.meant, as_they_are))[-1:] if expected.meant else []
    if mending and any(mending[0] is e for e in right):
        # Its own line is right too: a use of its bare name is not watched, but what is formed with it there is wrong.
        passed = next(place for place, e in enumerate(evaluations) if e is mending[0])
        after = zip(evaluations[passed:], are_right[passed:], strict=True)
        later = [e for e, is_right in after if not is_right]
        mending = list(islice(search(later, expected.wanted, as_they_are), 1)) or mending
    mending = mending or _at_a_dropped_term(
        search([e for e in wrong if e.use], expected.wanted, as_they_are), expected
    )
    mending = mending or list(islice(search(wrong, expected.wanted, as_they_are), 1))
    mending = mending or list(search(right, expected.wanted, as_they_are))[-1:]
    mending = mending or list(islice(search(wrong, expected.wanted, [_other_shapes]), 1))
    if not mending:
        return None
    place = at_its_call(mending[0], evaluations, lambda other: expected.is_right(other.array, samples))
    return Line.of_source(*place.line)


def _at_a_dropped_term(mending: Iterable[WatchedValue], expected: Expected) -> list[WatchedValue]:
    """Of the bare names that mend, the last that drops a term, or that takes a right value for another."""
    dropped = [
        evaluation
        for evaluation in mending
        if evaluation.use == "drops" or expected.is_right(evaluation.array)
    ]
    return dropped[-1:]


def _mending(
    evaluations: Sequence[WatchedValue],
    wanted: Sequence[RightValue],
    forms: Sequence[Forms],
    *,
    groups: dict[str, list[WatchedValue]],
    mends: Mends,
    samples: float,
) -> Iterator[WatchedValue]:
    """The evaluations at which some value mends, in their order."""
    trials = 0
    for evaluation in evaluations:
        for replacements in _candidates(evaluation, groups[evaluation.site], wanted, forms, samples):
            trials += 1
            if trials > min(_MOST_TRIALS, _MOST_EVALUATIONS // sum(map(len, groups.values()))):
                return
            if _tried(mends, replacements):
                yield evaluation
                break


def _tried(mends: Mends, replacements: Sequence[Replacement]) -> bool:
    try:
        return mends(replacements)
    except Exception:
        # Another value in its place need not suit the code that follows.
        return False


def _forms(values: Sequence[RightValue], shape: tuple[int, ...], scale: float) -> Iterator[Array]:
    """Every value as an array of that shape: as it is, transposed, as a row or column."""
    for value in values:
        array = value.array * scale
        if array.shape == shape:
            yield array
        if array.ndim == 2 and array.T.shape == shape:
            yield array.T
        if array.ndim == 1 and array.size == int(np.prod(shape)) == max(shape, default=1):
            yield array.reshape(shape)


def _other_shapes(values: Sequence[RightValue], shape: tuple[int, ...]) -> Iterator[Array]:
    """Rows and columns of another length: a sum along the wrong axis has the wrong shape as well."""
    for value in values:
        if value.array.ndim == 1 and len(shape) == 2 and 1 in shape:
            yield value.array[np.newaxis]
            yield value.array[:, np.newaxis]


def _candidates(
    evaluation: WatchedValue,
    group: Sequence[WatchedValue],
    wanted: Sequence[RightValue],
    forms: Sequence[Forms],
    samples: float,
) -> Iterator[list[Replacement]]:
    """What to put in the place of an evaluation: one right value; at the first of a loop also one for each of it."""
    if evaluation.array.ndim == 0 and evaluation.array.dtype.kind == "i":
        if evaluation.array != samples and evaluation is group[0]:
            yield [_replaced(other, np.array(samples)) for other in group]
        return
    if len(group) > 1 and evaluation is group[0]:
        for form in forms:
            yield from _over_layers(group, wanted, form)
            yield from _over_samples(group, wanted, form)
        yield from _over_parameters(group, [value for value in wanted if value.kind == _NUMERIC])
    for form in forms:
        for array in form(wanted, evaluation.array.shape):
            if not is_value(evaluation.array, array):
                yield [_replaced(evaluation, array)]


def _over_layers(
    group: Sequence[WatchedValue], wanted: Sequence[RightValue], forms: Forms
) -> Iterator[list[Replacement]]:
    """One value of a kind for every layer, first or last layer first."""
    for kind in dict.fromkeys(value.kind for value in wanted if value.layer):
        of_kind = [value for value in wanted if value.kind == kind]
        for order in (of_kind, of_kind[::-1]):
            # A loop may form one value more than is needed: the error in front of the first layer.
            for start in range(max(1, len(order) - len(group) + 1)):
                yield from _each(group, order[start:], forms)


def _over_samples(
    group: Sequence[WatchedValue], wanted: Sequence[RightValue], forms: Forms
) -> Iterator[list[Replacement]]:
    """One row of a value for every sample."""
    for value in wanted:
        if value.array.ndim and len(value.array) == len(group):
            yield from _each(group, [RightValue(value.kind, 0, row) for row in value.array], forms)


def _over_parameters(
    group: Sequence[WatchedValue], numeric: Sequence[RightValue]
) -> Iterator[list[Replacement]]:
    """The numeric gradient of every parameter where the one of its shape is formed."""
    by_shape = {value.array.shape: value.array for value in numeric}
    if len(by_shape) == len(numeric):
        yield [_replaced(at, by_shape[at.array.shape]) for at in group if at.array.shape in by_shape]


def _each(
    group: Sequence[WatchedValue], values: Sequence[RightValue], forms: Forms
) -> Iterator[list[Replacement]]:
    changes = []
    for occurrence, value in zip(group, values, strict=False):
        form = next(forms([value], occurrence.array.shape), None)
        if form is None:
            return
        changes.append(_replaced(occurrence, form))
    yield changes


def _replaced(value: WatchedValue, array: Array) -> Replacement:
    return Replacement(value.site, value.occurrence, array)
