"""What is wrong with a value on the way back, told from what it is and what it should be.

A value and the true one are compared as numbers: a factor between them, another order of the entries, entries that
should be 0, the derivative by something else, the part of one way to the cost. What holds at one point by chance does
not at another: a name counts where it is given at each.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.any_backward import (
    DERIVATIVE_MISSING,
    DERIVATIVE_WRONG,
    MASK_MISSING,
    MASK_WRONG,
    OVERWRITTEN_NOT_ACCUMULATED,
    PATH_COUNTED_TWICE,
    PATH_LEFT_OUT,
    SHIFTED_BY_ONE,
    VALUES_SWAPPED,
    WRONG_AXIS,
    WRONG_FACTOR,
    WRONG_VALUE,
)
from chainrule.gradcheck.catalogue.backpropagation import RESHAPED, TRANSPOSED
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.diagnosis.evidence import multiple
from chainrule.gradcheck.diagnosis.locating import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValue, TrueValues, directions
from chainrule.gradcheck.diagnosis.watched import is_value
from chainrule.gradcheck.numeric.checked_point import CheckedPoint

_MATCH, _NOISE = 1e-6, 1e-7
_MOST_HELD, _MOST_SUBJECTS = 60, 3


class Named(NamedTuple):
    """A bug, and what was seen, in words."""

    bug: Bug
    words: str


Rule = Callable[["Case"], Iterator[Named]]


def names_at(place: Astray, checked: CheckedPoint, true: TrueValues, rules: Sequence[Rule]) -> list[Named]:
    """What a value that is not right may be called at one point by some rules, the likeliest first."""
    case = Case.of(place, checked, true)
    if case.given.size != case.right.size:
        words = f"it has shape {case.given.shape}, and should have {case.right.shape}"
        return [Named(WRONG_AXIS, words)]
    found: dict[Bug, Named] = {}
    with np.errstate(all="ignore"):
        for rule in rules:
            for named in rule(case):
                found.setdefault(named.bug, named)
    return list(found.values())


class Case(NamedTuple):
    """A value of a place, the first in a loop that is not what it should be; ``subject``: what it should be the
    derivative by."""

    place: Astray
    given: Array
    right: Array
    subject: TrueValue
    true: TrueValues

    @classmethod
    def of(cls, place: Astray, checked: CheckedPoint, true: TrueValues) -> Case:
        turns = zip(place.given, place.right, place.true, strict=True)
        differing = (turn for turn in turns if not is_value(turn[0].array, turn[1]))
        given, right, by = next(differing, (place.given[0], place.right[0], place.true[0]))
        leaf = next((i for i, name in enumerate(checked.point.names) if name in place.tensors), 0)
        return cls(place, given.array, right, by or true.parameter(leaf), true)

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
            if _near(each.told, self.subject.told) and not any(
                np.array_equal(each.at.array, a) for a in arrays
            ):
                found.append(each)
        return found

    @property
    def later(self) -> list[TrueValue]:
        """What comes behind the subject on the way to the cost."""
        every = self.true.every
        start = next((i + 1 for i, each in enumerate(every) if each is self.subject), 0)
        return every[start : start + _MOST_HELD]


def _factor(case: Case) -> Iterator[Named]:
    given = np.concatenate([v.array.reshape(-1) for v in case.place.given])
    right = np.concatenate([v.reshape(-1) for v in case.place.right])
    factor = multiple(given, right)
    if not factor:
        return
    words = f"{factor:.6g} x the right value"
    if np.isclose(factor, -1):
        yield Named(WRONG_SIGN, words)
        return
    for size in sorted(_counts(case)):
        if any(np.isclose(factor, c) for c in (size, 1 / size)):
            yield Named(WRONG_FACTOR, f"{words}; {size} is what is counted along an axis or two")
        if any(np.isclose(factor, c) for c in (size**0.5, size**-0.5)):
            yield Named(WRONG_FACTOR, f"{words}, the root of {size}, which is what is counted along an axis")
    yield Named(WRONG_FACTOR, words)


def _counts(case: Case) -> set[int]:
    """How many entries there are along one axis of a value, or along several together."""
    shapes = {each.at.array.shape for each in case.true.every}
    chosen = (
        axes
        for shape in shapes
        for n in range(1, len(shape) + 1)
        for axes in itertools.combinations(shape, n)
    )
    return {math.prod(axes) for axes in chosen} - {1}


def _order(case: Case) -> Iterator[Named]:
    g, r = case.given, case.right
    if g.size < 2 or not _close(np.sort(g, axis=None), np.sort(r, axis=None), r):
        yield from _shifted(g, r)
        return
    if g.ndim == 2 and g.shape[0] == g.shape[1] and _close(g, r.T, r):
        yield Named(TRANSPOSED, "it is the transpose of the right value")
    yield from _shifted(g, r)
    for axis in range(g.ndim if g.shape == r.shape else 0):
        its, others = (np.moveaxis(array, axis, 0).reshape(g.shape[axis], -1) for array in (g, r))
        if its.shape[1] > 1 < len(its) and all(any(_close(own, other, r) for other in others) for own in its):
            yield Named(VALUES_SWAPPED, f"it is right but for the order along axis {axis}")
    yield Named(RESHAPED, "it has the entries of the right value in another order")


def _shifted(g: Array, r: Array) -> Iterator[Named]:
    for axis, n in enumerate(g.shape):
        if n > 2 and g.shape == r.shape:
            front, back = np.arange(n - 1), np.arange(1, n)
            for there, here in ((front, back), (back, front)):
                if _close(g.take(there, axis), r.take(here, axis), r):
                    yield Named(SHIFTED_BY_ONE, f"its entries stand one place further along axis {axis}")


def _mask(case: Case) -> Iterator[Named]:
    g, r = case.given, case.right
    if g.shape != r.shape:
        return
    noise = _NOISE * np.abs(r).max(initial=0)
    differ = np.abs(g - r) > noise
    if not differ.any() or differ.all():
        return
    if np.all(np.abs(r[differ]) <= noise):
        yield Named(MASK_MISSING, f"{int(differ.sum())} of {g.size} entries are not 0 and should be")
    elif np.all((np.abs(g[differ]) <= noise) | (np.abs(r[differ]) <= noise)):
        yield Named(
            MASK_WRONG,
            f"{int(differ.sum())} of {g.size} entries are 0 and should not be, or the other way round",
        )


def _of_another(case: Case) -> Iterator[Named]:
    """The value is a true one, but by something else."""
    subject = case.subject
    for other in case.true.matching(case.given):
        if other is subject or _near(other.told, subject.told):
            continue
        at = f"`{other.at.text}` of line {other.at.line.number}"
        if other.is_use and _is_one_turn(other, subject):
            yield Named(OVERWRITTEN_NOT_ACCUMULATED, f"it is what comes back from one turn alone, by {at}")
        elif other.at.site == subject.at.site:
            yield Named(SHIFTED_BY_ONE, f"it is the derivative by {at} in another turn")
        elif _is_nothing(case.true.without(subject, other), subject.told):
            yield Named(
                DERIVATIVE_MISSING,
                f"it is still the derivative by {at}, which is made of {_what(subject, case.true.every)}",
            )
        elif other.is_use and any(
            np.array_equal(other.at.array, each.at.array) for each in [subject, *case.alike]
        ):
            yield Named(PATH_LEFT_OUT, f"it is what comes back from {at} alone")
        else:
            yield Named(
                VALUES_SWAPPED, f"it is the derivative by {at}, not by {_what(subject, case.true.every)}"
            )


def _is_one_turn(other: TrueValue, subject: TrueValue) -> bool:
    return (
        other.at.array.shape == subject.at.array.shape
        and np.array_equal(other.at.array, subject.at.array)
        and not subject.is_use
        and other.at.occurrence > 0
    )


def _paths(case: Case) -> Iterator[Named]:
    """What comes back on one way to the cost has another factor: 0, where it is left out, 2, -1, or any."""
    for subject in [case.subject, *case.alike][:_MOST_SUBJECTS]:
        named = next(_paths_of(case._replace(subject=subject)), None)
        if named is not None:
            yield named
            return


def _paths_of(case: Case) -> Iterator[Named]:
    told, subject = case.told, case.subject
    lines: dict[tuple[str, int], TrueValue] = {}
    for other in case.later:
        rest = case.true.without(subject, other)
        if _near(rest, subject.told):
            continue
        lines[other.at.line.file, other.at.line.number] = other
        factors = (told - rest) / (subject.told - rest)
        if np.ptp(factors) <= _MATCH * max(1.0, np.abs(factors).max()):
            yield _with_factor(
                float(factors[0]), f"the way through line {other.at.line.number}, `{other.at.text}`"
            )
            return
    for one, other in itertools.combinations(list(lines.values())[:12], 2):
        if _near(told, case.true.without(subject, one, other)):
            numbers = f"lines {one.at.line.number} and {other.at.line.number}"
            yield Named(PATH_LEFT_OUT, f"it leaves out the ways through {numbers}")
            return


def _with_factor(factor: float, way: str) -> Named:
    """What a factor of one way is called."""
    for known, bug, words in (
        (0, PATH_LEFT_OUT, f"it leaves out {way}"),
        (2, PATH_COUNTED_TWICE, f"it counts {way} twice"),
        (-1, WRONG_SIGN, f"it has the wrong sign for {way}"),
    ):
        if abs(factor - known) < _MATCH:
            return Named(bug, words)
    return Named(WRONG_FACTOR, f"it has {factor:.6g} x what comes back on {way}")


def _elementwise(case: Case) -> Iterator[Named]:
    """What comes into a step that treats every entry by itself is right, and what goes out of it is not."""
    subject, x = case.subject, case.subject.at.array
    for step in case.later:
        if step.is_use or step.at.array.shape != x.shape or case.given.shape != x.shape:
            continue
        if np.array_equal(step.at.array, x):
            continue
        if not _is_nothing(case.true.without(subject, step), subject.told):
            continue
        comes = case.true.entries(step)
        wanted, given = case.right / comes, case.given / comes
        if np.allclose(wanted, 1):
            continue
        if not np.isfinite(given).all() or not case.true.is_elementwise(subject, step):
            return
        if not case.true.is_formed(step):
            return
        of = f"`{step.at.text}` of line {step.at.line.number}"
        for name, slope in _SLOPES.items():
            for what, value in ((_what(subject, case.true.every), x), (f"`{step.at.text}`", step.at.array)):
                if _same(slope(value), given):
                    yield Named(DERIVATIVE_WRONG, f"behind {of} it is multiplied by {name.format(what)}")
                    return
        for other in case.true.every:
            if _broadcast_same(other.at.array, given):
                belongs = next((t for t in case.true.every if _broadcast_same(t.at.array, wanted)), None)
                here = f", where {_what(belongs, case.true.every)} belongs" if belongs else ""
                yield Named(WRONG_VALUE, f"its factor is {_what(other, case.true.every)}{here}")
                return
        yield Named(DERIVATIVE_WRONG, f"what comes back to {of} is right, and is not multiplied by its slope")
        return


_SLOPES: dict[str, Callable[[Array], Array]] = {
    "1 - v**2 of {}": lambda v: 1 - v**2,
    "v (1 - v) of {}": lambda v: v * (1 - v),
    "the step function of {}": lambda v: (v > 0).astype(float),
    "tanh' of {}": lambda v: 1 - np.tanh(v) ** 2,
    "the sigmoid's derivative of {}": lambda v: 1 / (1 + np.exp(-v)) * (1 - 1 / (1 + np.exp(-v))),
    "1 - v of {}": lambda v: 1 - v,
    "1 + v of {}": lambda v: 1 + v,
    "2 v of {}": lambda v: 2 * v,
    "{} itself": lambda v: v,
    "exp of {}": np.exp,
    "1 / {}": lambda v: 1 / v,
    "cos of {}": np.cos,
}
"""Factors that are taken for the slope of a step."""


def _ratio(case: Case) -> Iterator[Named]:
    """The value has another value of the way forward for a factor too many, too few, or in the place of another."""
    if case.given.shape != case.right.shape:
        return
    q = case.given / case.right
    if not np.isfinite(q).all():
        return
    values = [each for each in case.true.every if not each.is_use]
    for each in values:
        if _broadcast_same(each.at.array, q):
            yield Named(WRONG_VALUE, f"it has the factor {_what(each, case.true.every)} too many")
            return
        if _broadcast_same(1 / each.at.array, q):
            yield Named(WRONG_VALUE, f"it lacks the factor {_what(each, case.true.every)}")
            return
    for one, other in itertools.permutations(values[:_MOST_HELD], 2):
        if one.at.array.shape == other.at.array.shape and _broadcast_same(one.at.array / other.at.array, q):
            yield Named(
                WRONG_VALUE,
                f"it has the factor {_what(one, case.true.every)} in the place of {_what(other, case.true.every)}",
            )
            return


EXACT: tuple[Rule, ...] = (_factor, _order, _paths, _of_another, _mask, _elementwise)
"""What the value is, beyond doubt."""

BY_FACTORS: tuple[Rule, ...] = (_ratio,)
"""What it may have been multiplied by."""


def _what(true: TrueValue, among: Sequence[TrueValue] = ()) -> str:
    """What the source calls a value: the shortest name by which it is used."""
    texts = [each.at.text for each in among if each.is_use and np.array_equal(each.at.array, true.at.array)]
    return f"`{min([true.at.text, *texts], key=len)}`"


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.linalg.norm(a - b) <= _MATCH * float(np.linalg.norm(b)))


def _close(a: Array, b: Array, whole: Array) -> bool:
    """Whether values are the same but for the noise of what they are a part of."""
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= _NOISE * np.abs(whole).max(initial=0)))


def _broadcast_same(a: Array, b: Array) -> bool:
    """Whether a value gives another when it is spread over its shape; what is one number is left to the factors."""
    if a.size < 2:
        return False
    try:
        return _same(np.broadcast_to(a, b.shape), b)
    except ValueError:
        return False


def _near(a: Array, b: Array) -> bool:
    return bool(np.all(np.abs(a - b) <= _MATCH * np.maximum(np.abs(a), np.abs(b)).max()))


def _is_nothing(a: Array, beside: Array) -> bool:
    return bool(np.abs(a).max() <= _MATCH * np.abs(beside).max())
