"""What is wrong with a value, told from other true values: it is the derivative by something else, a way to the cost is
left out, a step is gone back through with another factor."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.any_backward import (
    DERIVATIVE_MISSING,
    DERIVATIVE_WRONG,
    OVERWRITTEN_NOT_ACCUMULATED,
    PATH_COUNTED_TWICE,
    PATH_LEFT_OUT,
    SHIFTED_BY_ONE,
    VALUES_SWAPPED,
    WRONG_FACTOR,
    WRONG_VALUE,
)
from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.diagnosis.odd_value import (
    NamedBug,
    OddValue,
    is_nothing,
    near,
    same_value,
    shown,
    spread_same,
)
from chainrule.gradcheck.diagnosis.step_slopes import is_elementwise
from chainrule.gradcheck.diagnosis.true_values import TrueValue

_MATCH = 1e-6
_MOST_SUBJECTS, _MOST_LINES = 3, 12


def of_another(case: OddValue) -> Iterator[NamedBug]:
    """The value is a true one, but by something else."""
    subject, swapped = case.subject, list[NamedBug]()
    for other in case.true.matching(case.given):
        if other is subject or near(other.told, subject.told):
            continue
        at = f"`{other.at.text}` of line {other.at.line.number}"
        if any(other is part for part in subject.parts):
            yield NamedBug(PATH_LEFT_OUT, f"it is what comes back from {at} alone")
        elif _is_one_turn(other, case):
            yield NamedBug(OVERWRITTEN_NOT_ACCUMULATED, f"it is what comes back from one turn alone, by {at}")
        elif other.at.site == subject.at.site:
            next_to_it = abs(other.at.occurrence - subject.at.occurrence) == 1
            bug = SHIFTED_BY_ONE if next_to_it else VALUES_SWAPPED
            yield NamedBug(bug, f"it is the derivative by {at} in another turn")
        elif is_nothing(case.true.without(subject, other), subject.told):
            yield NamedBug(
                DERIVATIVE_MISSING,
                f"it is still the derivative by {at}, which is made of {shown(subject, case.true.every)}",
            )
        elif other.is_use and any(
            np.array_equal(other.at.array, each.at.array) for each in [subject, *case.alike]
        ):
            yield NamedBug(PATH_LEFT_OUT, f"it is what comes back from {at} alone")
        else:
            words = f"it is the derivative by {at}, not by {shown(subject, case.true.every)}"
            swapped.append(NamedBug(VALUES_SWAPPED, words))
    # Of a sum, and of each of its terms: what it is by a later step says more.
    yield from swapped


def _is_one_turn(other: TrueValue, case: OddValue) -> bool:
    """Whether it belongs to one turn of a loop, of several that give what comes back to the subject together."""
    subject, x = case.subject, case.subject.at.array
    at_the_site = [each for each in case.true.every if each.at.site == other.at.site]
    its = [each for each in at_the_site if np.array_equal(each.at.array, x)]
    if other.is_use and any(each is other for each in its):
        return not subject.is_use and len(its) > 1
    alike = len(at_the_site) > 1 and all(each.at.array.size == x.size for each in at_the_site)
    together: Array = sum((each.told for each in at_the_site if alike), np.zeros_like(subject.told))
    return not subject.is_use and near(together, subject.told)


def paths(case: OddValue) -> Iterator[NamedBug]:
    """What comes back on one way to the cost has another factor: 0, where it is left out, 2, -1, or any."""
    for subject in [case.subject, *case.alike][:_MOST_SUBJECTS]:
        named = next(_paths_of(case._replace(subject=subject)), None)
        if named is not None:
            yield named
            return


def _paths_of(case: OddValue) -> Iterator[NamedBug]:
    """Of one subject: with a value further on held, the rest is what comes back on all other ways."""
    told, subject = case.told, case.subject
    lines: dict[tuple[str, int], TrueValue] = {}
    odd: list[NamedBug] = []
    for other in case.later:
        rest = case.true.without(subject, other)
        if near(rest, subject.told):
            continue
        lines[other.at.line.file, other.at.line.number] = other
        factors = (told - rest) / (subject.told - rest)
        if np.ptp(factors) <= _MATCH * max(1.0, np.abs(factors).max()):
            way = f"the way through line {other.at.line.number}, `{other.at.text}`"
            odd.append(_with_factor(float(factors[0]), way))
            if odd[-1].bug == PATH_LEFT_OUT:
                break
    if odd:
        # Of a square either factor is a way, of which -1 times gives none of both.
        yield odd[-1] if odd[-1].bug == PATH_LEFT_OUT else odd[0]
        return
    for one, other in itertools.combinations(list(lines.values())[:_MOST_LINES], 2):
        if near(told, case.true.without(subject, one, other)):
            numbers = f"lines {one.at.line.number} and {other.at.line.number}"
            yield NamedBug(PATH_LEFT_OUT, f"it leaves out the ways through {numbers}")
            return


def _with_factor(factor: float, way: str) -> NamedBug:
    """What a factor of one way is called."""
    for known, bug, words in (
        (0, PATH_LEFT_OUT, f"it leaves out {way}"),
        (2, PATH_COUNTED_TWICE, f"it counts {way} twice"),
        (-1, WRONG_SIGN, f"it has the wrong sign for {way}"),
    ):
        if abs(factor - known) < _MATCH:
            return NamedBug(bug, words)
    return NamedBug(WRONG_FACTOR, f"it has {factor:.6g} x what comes back on {way}")


def elementwise(case: OddValue) -> Iterator[NamedBug]:
    """What comes into a step that treats every entry by itself is right, and what goes out of it is not."""
    subject, x = case.subject, case.subject.at.array
    for step in case.later:
        if step.is_use or step.at.array.shape != x.shape or case.given.shape != x.shape:
            continue
        if np.array_equal(step.at.array, x):
            continue
        if not is_nothing(case.true.without(subject, step), subject.told):
            continue
        comes = case.true.entries(step)
        wanted, given = case.right / comes, case.given / comes
        if np.allclose(wanted, 1) or not np.isfinite(given).all() or not case.true.is_formed(step):
            continue
        of = f"`{step.at.text}` of line {step.at.line.number}"
        by_itself = is_elementwise(case.true, subject, step)
        for name, slope in _SLOPES.items():
            for what, value in ((shown(subject, case.true.every), x), (f"`{step.at.text}`", step.at.array)):
                if same_value(slope(value), given):
                    words = f"behind {of} it is multiplied by {name.format(what)}"
                    each = "" if by_itself else ", as if each entry depended on the same entry alone"
                    yield NamedBug(DERIVATIVE_WRONG, words + each)
                    return
        if not by_itself:
            return
        for other in case.true.every:
            if spread_same(other.at.array, given):
                belongs = next((t for t in case.true.every if spread_same(t.at.array, wanted)), None)
                here = f", where {shown(belongs, case.true.every)} belongs" if belongs else ""
                yield NamedBug(WRONG_VALUE, f"its factor is {shown(other, case.true.every)}{here}")
                return
        words = f"what comes back to {of} is right, and is not multiplied by its slope"
        yield NamedBug(DERIVATIVE_WRONG, words, is_vague=True)
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
