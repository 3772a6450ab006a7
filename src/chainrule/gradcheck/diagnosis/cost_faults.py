"""Faults of the cost: without what is odd about it, the gradient would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import (
    DOUBLE_BATCH_MEAN,
    HINGE_CORRECT_CLASS,
    MISSING_BATCH_MEAN,
    WRONG_LOG_BASE,
)
from chainrule.gradcheck.catalogue.penalty import (
    BIAS_REGULARISED,
    PENALTY_NOT_SQUARED,
    REGULARISER_MISSING,
    REGULARISER_SCALED,
    REGULARISER_SIGN,
)
from chainrule.gradcheck.diagnosis import repeated_penalty
from chainrule.gradcheck.diagnosis.evidence import CERTAIN, LIKELY, Evidence, is_right
from chainrule.gradcheck.diagnosis.reading import CONSTANT, Reading
from chainrule.gradcheck.result import Cause, Line

Mended = Callable[[Evidence], Reading]


class CostFault(NamedTuple):
    """What is wrong with a cost.

    Attributes:
        cause: what it is.
        mended: the cost's reading without that, at the first point.
        line: where what the cost forms showed it.
    """

    cause: Cause
    mended: Reading
    line: Line | None = None


class _Oddity(NamedTuple):
    """What is odd about a cost: the cause, its words, what takes it out of a reading; and the repair, where the bug's
    usual one is that of a gradient."""

    bug: Bug
    words: str
    mended: Mended
    repair: str = ""


_KINDS = {
    "sum": "the sum of its entries",
    "absolute": "the sum of absolute values",
    "norm": "its norm, not squared",
}


def fault_of(evidence: Sequence[Evidence], wrong: bool) -> CostFault | None:
    """What is wrong with the cost; None when nothing is.

    Args:
        evidence: every point, those with a wrong gradient first.
        wrong: whether the gradient is wrong anywhere.
    """
    first, names = evidence[0], evidence[0].checked.point.names
    mistake = first.reading.form.mistake
    # The way back as usual, on the values that the mistaken way forward left.
    unaware = mistake is not None and all(is_right(e) for e in evidence)
    for bug, words, mended, repair in _oddities(first):
        cause = bug.cause(names, CERTAIN, words, repair)
        # A gradient sees no constant: the hinge loss that counts the correct class is found by its value alone.
        if not wrong and bug == HINGE_CORRECT_CLASS:
            return CostFault(cause, mended(first))
        if wrong and (unaware or all(is_right(replace(e, reading=mended(e))) for e in evidence)):
            return CostFault(cause, mended(first))
    if wrong and mistake is not None:
        # Certain of the cost; what the gradient adds to it cannot be told before the cost is mended.
        bug, words, mended, repair = next(_oddities(first))
        return CostFault(bug.cause(names, LIKELY, words, repair), mended(first))
    return _penalty_again_and_again(evidence) if wrong else None


def _penalty_again_and_again(evidence: Sequence[Evidence]) -> CostFault | None:
    found = repeated_penalty.found(evidence)
    if found is None:
        return None
    each, once, line = found
    words = (
        f"the cost adds its penalty once for each {each}, and has that many times the penalty of the gradient"
    )
    names = evidence[0].checked.point.names
    cause = REGULARISER_SCALED.cause(names, CERTAIN, words, repeated_penalty.REPAIR)
    return CostFault(cause, once(evidence[0]), line)


def _oddities(evidence: Evidence) -> Iterator[_Oddity]:
    """Everything that is odd about a cost."""
    reading = evidence.reading
    if reading.form.mistake is not None:
        yield _Oddity(reading.form.mistake.bug, reading.form.mistake.words, _without_mistake)
    yield from _of_the_factor(evidence)
    odd = {name: kind for (name, kind) in reading.odd if name}
    if odd:
        said = ", ".join(f"{name} by {_KINDS[kind]}" for name, kind in odd.items())
        yield _Oddity(PENALTY_NOT_SQUARED, f"the cost penalises {said}", _squared)
    if CONSTANT in reading.odd and reading.form.loss == "hinge":
        words = (
            f"the cost is too large by {reading.odd[CONSTANT]:.6g}, the margin: it counts the correct class"
        )
        repair = "leave the correct class out of the sum of the margins"
        yield _Oddity(HINGE_CORRECT_CLASS, words, _without_constant, repair)
    if reading.penalty and all(q < 0 for q in reading.penalty.values()):
        repair = "add the penalty to the cost, do not subtract it"
        yield _Oddity(REGULARISER_SIGN, "the cost subtracts its penalty", _with_turned_penalty, repair)
    if any(name[0] != "W" for name in reading.penalty):
        named = ", ".join(name for name in reading.penalty if name[0] != "W")
        yield _Oddity(BIAS_REGULARISED, f"the cost penalises {named}, the gradient does not", _weights_only)
    if not reading.penalty and not odd and evidence.net().l2:
        for times in (1.0, 0.5):
            penalty = f"{'' if times == 1 else '0.5 * '}l2 * sum(W**2)"
            words = f"the gradient has that of {penalty}, the cost no penalty"
            repair = f"add the penalty, {penalty}, to the cost; or take its gradient out, if none is meant"
            yield _Oddity(REGULARISER_MISSING, words, _with_penalty(times), repair)


def _of_the_factor(evidence: Evidence) -> Iterator[_Oddity]:
    factor, samples = evidence.reading.factor, evidence.net().samples
    for base in (10, 2):
        if abs(factor * np.log(base) - 1) < 1e-7:
            words = f"the cost is that of natural logarithms divided by ln {base}"
            yield _Oddity(WRONG_LOG_BASE, words, _with_factor_1)
    if samples > 1 and abs(factor / samples - 1) < 1e-7:
        words = "the cost is the sum over the samples, the gradient that of their mean"
        repair = "divide the sum of the samples' losses by their number N; or take that out of the gradient"
        yield _Oddity(MISSING_BATCH_MEAN, words, _with_factor_1, repair)
    if samples > 1 and abs(factor * samples - 1) < 1e-7:
        words = "the cost is divided by the batch size twice, the gradient once"
        repair = "divide the cost by the number of samples once, not twice"
        yield _Oddity(DOUBLE_BATCH_MEAN, words, _with_factor_1, repair)


def _without_mistake(evidence: Evidence) -> Reading:
    return replace(evidence.reading, form=replace(evidence.reading.form, mistake=None))


def _with_factor_1(evidence: Evidence) -> Reading:
    return replace(evidence.reading, factor=1.0)


def _squared(evidence: Evidence) -> Reading:
    reading = evidence.reading
    odd = {name: abs(value) for (name, _), value in reading.odd.items() if name}
    rest = {key: value for key, value in reading.odd.items() if not key[0]}
    return replace(reading, penalty=reading.penalty | odd, odd=rest)


def _without_constant(evidence: Evidence) -> Reading:
    rest = {key: value for key, value in evidence.reading.odd.items() if key != CONSTANT}
    return replace(evidence.reading, odd=rest)


def _weights_only(evidence: Evidence) -> Reading:
    kept = {name: q for name, q in evidence.reading.penalty.items() if name[0] == "W"}
    return replace(evidence.reading, penalty=kept)


def _with_turned_penalty(evidence: Evidence) -> Reading:
    turned = {name: -q for name, q in evidence.reading.penalty.items()}
    return replace(evidence.reading, penalty=turned)


def _with_penalty(times: float) -> Mended:
    def mended(evidence: Evidence) -> Reading:
        net = evidence.net()
        q = times * (net.l2 or 0.0)
        return replace(evidence.reading, penalty={f"W{at.index}": q for at in net.layers})

    return mended
