"""Faults of the cost: without what is odd about it, the gradient would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import (
    DOUBLE_BATCH_MEAN,
    HINGE_CORRECT_CLASS,
    MISSING_BATCH_MEAN,
    WRONG_LOG_BASE,
)
from chainrule.gradcheck.catalogue.penalty import BIAS_REGULARISED, PENALTY_NOT_SQUARED, REGULARISER_MISSING
from chainrule.gradcheck.diagnosis.evidence import CERTAIN, LIKELY, Evidence, is_right
from chainrule.gradcheck.diagnosis.reading import CONSTANT, Reading
from chainrule.gradcheck.result import Cause

Mended = Callable[[Evidence], Reading]

_KINDS = {
    "sum": "the sum of its entries",
    "absolute": "the sum of absolute values",
    "norm": "its norm, not squared",
}


def fault_of(evidence: Sequence[Evidence], wrong: bool) -> tuple[Cause, Reading] | None:
    """What is wrong with the cost, and its reading at the first point without that; None when nothing is.

    Args:
        evidence: every point, those with a wrong gradient first.
        wrong: whether the gradient is wrong anywhere.
    """
    first, names = evidence[0], evidence[0].checked.point.names
    mistake = first.reading.form.mistake
    # The way back as usual, on the values that the mistaken way forward left.
    unaware = mistake is not None and all(is_right(e) for e in evidence)
    for bug, words, mended in _oddities(first):
        cause = bug.cause(names, CERTAIN, words)
        # A gradient sees no constant: the hinge loss that counts the correct class is found by its value alone.
        if not wrong and bug == HINGE_CORRECT_CLASS:
            return cause, mended(first)
        if wrong and (unaware or all(is_right(replace(e, reading=mended(e))) for e in evidence)):
            return cause, mended(first)
    if wrong and mistake is not None:
        # Certain of the cost; what the gradient adds to it cannot be told before the cost is mended.
        bug, words, mended = next(_oddities(first))
        return bug.cause(names, LIKELY, words), mended(first)
    return None


def _oddities(evidence: Evidence) -> Iterator[tuple[Bug, str, Mended]]:
    """What is odd about a cost: the cause, its words, and what takes it out of a reading."""
    reading = evidence.reading
    if reading.form.mistake is not None:
        yield reading.form.mistake.bug, reading.form.mistake.words, _without_mistake
    yield from _of_the_factor(evidence)
    odd = {name: kind for (name, kind) in reading.odd if name}
    if odd:
        said = ", ".join(f"{name} by {_KINDS[kind]}" for name, kind in odd.items())
        yield PENALTY_NOT_SQUARED, f"the cost penalises {said}", _squared
    if CONSTANT in reading.odd and reading.form.loss == "hinge":
        words = (
            f"the cost is too large by {reading.odd[CONSTANT]:.6g}, the margin: it counts the correct class"
        )
        yield HINGE_CORRECT_CLASS, words, _without_constant
    if any(name[0] != "W" for name in reading.penalty):
        named = ", ".join(name for name in reading.penalty if name[0] != "W")
        yield BIAS_REGULARISED, f"the cost penalises {named}, the gradient does not", _weights_only
    if not reading.penalty and not odd and evidence.net().l2:
        for times in (1.0, 0.5):
            words = f"the gradient has that of {'' if times == 1 else '0.5 * '}l2 * sum(W**2), the cost no penalty"
            yield REGULARISER_MISSING, words, _with_penalty(times)


def _of_the_factor(evidence: Evidence) -> Iterator[tuple[Bug, str, Mended]]:
    factor, samples = evidence.reading.factor, evidence.net().samples
    for base in (10, 2):
        if abs(factor * np.log(base) - 1) < 1e-7:
            words = f"the cost is that of natural logarithms divided by ln {base}"
            yield WRONG_LOG_BASE, words, _with_factor_1
    if samples > 1 and abs(factor / samples - 1) < 1e-7:
        words = "the cost is the sum over the samples, the gradient that of their mean"
        yield MISSING_BATCH_MEAN, words, _with_factor_1
    if samples > 1 and abs(factor * samples - 1) < 1e-7:
        words = "the cost is divided by the batch size twice, the gradient once"
        yield DOUBLE_BATCH_MEAN, words, _with_factor_1


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


def _with_penalty(times: float) -> Mended:
    def mended(evidence: Evidence) -> Reading:
        net = evidence.net()
        q = times * (net.l2 or 0.0)
        return replace(evidence.reading, penalty={f"W{at.index}": q for at in net.layers})

    return mended
