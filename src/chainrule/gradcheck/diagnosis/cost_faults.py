"""Faults of the cost: without what is odd about it, the gradient would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from chainrule.gradcheck.causes import CAUSES
from chainrule.gradcheck.diagnosis.evidence import Evidence, is_right
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.result import Cause

CERTAIN, LIKELY = 0.98, 0.9

Mended = Callable[[Evidence], Reading]


def explain(evidence: Sequence[Evidence], names: Sequence[str], wrong: bool) -> tuple[Cause, Reading] | None:
    """What is wrong with the cost, and its reading at the first point without that; None when nothing is.

    Args:
        evidence: every point, those with a wrong gradient first.
        names: the parameters'.
        wrong: whether the gradient is wrong anywhere.
    """
    for name, words, mended in _oddities(evidence[0]):
        cause = Cause(name, tuple(names), CERTAIN, words, CAUSES[name])
        mended_at_first = mended(evidence[0])
        # A gradient sees no constant: the hinge loss that counts the correct class is found by its value alone.
        if not wrong and name == "hinge-correct-class":
            return cause, mended_at_first
        as_usual = all(is_right(replace(e, reading=mended(e))) for e in evidence)
        # The way back as usual, on the values that the mistaken way forward left.
        unaware = evidence[0].reading.form.mistake is not None and all(is_right(e) for e in evidence)
        if wrong and (as_usual or unaware):
            return cause, mended_at_first
    if wrong and evidence[0].reading.form.mistake is not None:
        # Certain of the cost; what the gradient adds to it cannot be told before the cost is mended.
        name, words, mended = next(_oddities(evidence[0]))
        return Cause(name, tuple(names), LIKELY, words, CAUSES[name]), mended(evidence[0])
    return None


def _oddities(evidence: Evidence) -> Iterator[tuple[str, str, Mended]]:
    """What is odd about a cost: the cause, its words, and what takes it out of a reading."""
    reading = evidence.reading
    if reading.form.mistake is not None:
        yield reading.form.mistake.cause, reading.form.mistake.words, _without_mistake
    yield from _of_the_factor(evidence)
    odd = {name: kind for (name, kind) in reading.odd if name}
    if odd:
        said = ", ".join(f"{name} by {_KINDS[kind]}" for name, kind in odd.items())
        yield "penalty-not-squared", f"the cost penalises {said}", _squared
    if ("", "constant") in reading.odd and reading.form.loss == "hinge":
        value = reading.odd["", "constant"]
        words = f"the cost is too large by {value:.6g}, the margin: it counts the correct class"
        yield "hinge-correct-class", words, _without_constant
    if any(name[0] != "W" for name in reading.penalty):
        named = ", ".join(name for name in reading.penalty if name[0] != "W")
        yield "bias-regularised", f"the cost penalises {named}, the gradient does not", _weights_only
    if not reading.penalty and not odd and evidence.net().l2:
        for times in (1.0, 0.5):
            words = f"the gradient has that of {'' if times == 1 else '0.5 * '}l2 * sum(W**2), the cost no penalty"
            yield "regulariser-missing", words, _with_penalty(times)


_KINDS = {
    "sum": "the sum of its entries",
    "absolute": "the sum of absolute values",
    "norm": "its norm, not squared",
}


def _of_the_factor(evidence: Evidence) -> Iterator[tuple[str, str, Mended]]:
    factor, samples = evidence.reading.factor, evidence.net().samples
    for base in (10, 2):
        if abs(factor * np.log(base) - 1) < 1e-7:
            yield (
                "wrong-log-base",
                f"the cost is that of natural logarithms divided by ln {base}",
                _with_factor_1,
            )
    if samples > 1 and abs(factor / samples - 1) < 1e-7:
        words = "the cost is the sum over the samples, the gradient that of their mean"
        yield "missing-batch-mean", words, _with_factor_1
    if samples > 1 and abs(factor * samples - 1) < 1e-7:
        words = "the cost is divided by the batch size twice, the gradient once"
        yield "double-batch-mean", words, _with_factor_1


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
    rest = {key: value for key, value in evidence.reading.odd.items() if key != ("", "constant")}
    return replace(evidence.reading, odd=rest)


def _weights_only(evidence: Evidence) -> Reading:
    kept = {name: q for name, q in evidence.reading.penalty.items() if name[0] == "W"}
    return replace(evidence.reading, penalty=kept)


def _with_penalty(times: float) -> Mended:
    def mended(evidence: Evidence) -> Reading:
        q = times * (evidence.net().l2 or 0.0)
        return replace(evidence.reading, penalty={f"W{at.index}": q for at in evidence.net().layers})

    return mended
