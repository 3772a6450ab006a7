"""From points at which gradients disagree to causes: whose fault it is, what is wrong, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.state import COST_CONSTANT, COST_MODE_MISMATCH
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import cost_faults, explanations, unrecognised
from chainrule.gradcheck.diagnosis import reading as readings
from chainrule.gradcheck.diagnosis.evidence import (
    CERTAIN,
    LIKELY,
    NO_IDEA,
    Evidence,
    Made,
    is_right,
    multiple,
)
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.numeric.point import Point
from chainrule.gradcheck.program.leaves import named_leaves
from chainrule.gradcheck.program.roles import Roles
from chainrule.gradcheck.program.subject import Subject, real_cost
from chainrule.gradcheck.result import Cause, Fault


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong.

    Attributes:
        fault: whose it is, None when nothing is wrong.
        causes: most likely first.
        reading: the cost's, at the first wrong point; None where it is of no known form.
        mended: the same without the cost's fault.
        made: the simplest mistake that explains the gradient.
        nearly: in words, in what a gradient that is right enough differs from the cost's; None when in nothing.
    """

    fault: Fault | None
    causes: list[Cause]
    reading: Reading | None = None
    mended: Reading | None = None
    made: Made | None = None
    nearly: str | None = None


def diagnose(
    subject: Subject,
    names: Sequence[str],
    points: Sequence[Point],
    roles: Roles | None,
    rng: np.random.Generator,
) -> Diagnosis:
    """Explain the points; with nothing wrong at any of them only the cost is looked at."""
    wrong = [point for point in points if point.verdict != "right"]
    order = [*wrong, *(point for point in points if point.verdict == "right")]
    reading = _read(subject, names, points[0], roles, rng)
    evidence = [] if reading is None else _evidence(subject, reading, order, rng)
    if evidence:
        reading = evidence[0].reading
        if wrong and reading.form.log_eps and all(is_right(e) for e in evidence):
            words = f"the cost takes log(P + {reading.form.log_eps:g}); the gradient is right but for that"
            return Diagnosis(None, [], reading, nearly=words)
        of_the_cost = cost_faults.explain(evidence, names, bool(wrong))
        if of_the_cost is not None:
            cause, mended = of_the_cost
            return Diagnosis("cost", [cause], reading, mended)
        causes, made = _of_the_gradient(evidence, wrong[0]) if wrong else ([], None)
        if causes:
            return Diagnosis("gradient", causes, reading, made=made)
    if not wrong:
        return Diagnosis(None, [], reading)
    if reading is None and roles is not None and any(point.verdict == "wrong" for point in points):
        found = _right_for_another_cost(subject, names, order, roles)
        if found is not None:
            return found
    causes = unrecognised.explain(names, order, roles)
    return Diagnosis("gradient", causes or [_unknown(wrong[0])], reading)


def _read(
    subject: Subject, names: Sequence[str], point: Point, roles: Roles | None, rng: np.random.Generator
) -> Reading | None:
    if roles is None:
        return None
    return readings.read(subject, named_leaves(names, point.arrays), point.arrays, point.data, roles, rng)


def _evidence(
    subject: Subject, reading: Reading, points: Sequence[Point], rng: np.random.Generator
) -> list[Evidence]:
    """Every point at which the reading's form holds."""
    pairs = [(point, readings.again(subject, reading, point.arrays, point.data, rng)) for point in points]
    return [Evidence(point, here) for point, here in pairs if here is not None]


def _of_the_gradient(evidence: Sequence[Evidence], worst: Point) -> tuple[list[Cause], Made | None]:
    """A cause for every mistake that explains the gradient, the simplest first, and the simplest one itself."""
    tensors = tuple(t.name for t in worst.compared.tensors if t.verdict != "right")
    sure = CERTAIN if len(evidence) > 1 else LIKELY
    net, measured = evidence[0].net(), _common_factor(worst)
    causes: dict[tuple[Bug, ...], Cause] = {}
    found = sorted(explanations.explanations(evidence), key=_complexity)
    for made in found:
        key = tuple(dict.fromkeys(m.bug for m in made.mistakes))
        if key in causes or UNKNOWN in key:
            continue
        first, *others = made.mistakes
        words = "; ".join(dict.fromkeys(m.said(net) for m in made.mistakes))
        said = f"{', '.join(tensors)}: {measured}{words}"
        causes[key] = first.bug.cause(tensors, sure, said, first.repair)
        for other in (m for m in others if m.bug != first.bug):
            further = other.bug.cause(tensors, sure - 0.01, other.said(net))
            causes[*key, other.bug] = further
    return list(causes.values()), found[0] if causes else None


def _common_factor(point: Point) -> str:
    """The factor between the gradients, in words, where it is one in all wrong tensors that have one."""
    pairs = zip(point.compared.tensors, point.analytic, point.compared.numeric, strict=True)
    factors = [multiple(g, n) for tensor, g, n in pairs if tensor.verdict != "right"]
    rounded = {float(f"{factor:.6g}") for factor in factors if factor is not None}
    return f"{rounded.pop():.6g} x the numeric gradient: " if len(rounded) == 1 else ""


def _complexity(made: Made) -> tuple[int, int]:
    return len(made.mistakes), sum(len(layers) for layers in made.layers)


def _right_for_another_cost(
    subject: Subject, names: Sequence[str], points: Sequence[Point], roles: Roles
) -> Diagnosis | None:
    """The cost is of no known form, but the gradient is that of a known one: then the cost is at fault."""
    first = points[0]
    for reading in readings.guessed(named_leaves(names, first.arrays), first.arrays, first.data, roles):
        if all(is_right(Evidence(point, reading.at(point.data))) for point in points):
            bug, words = _what_is_wrong_with(subject, points, roles, reading)
            return Diagnosis("cost", [bug.cause(names, LIKELY, words)], reading)
    return None


def _what_is_wrong_with(
    subject: Subject, points: Sequence[Point], roles: Roles, reading: Reading
) -> tuple[Bug, str]:
    net = readings.described(reading, points[0].arrays)
    if all(_is_penalty_only(point, reading) for point in points):
        return COST_CONSTANT, "the cost's data part stays the same whatever the parameters"
    if reading.form.eps is not None and _separable(subject, points[0], roles):
        return (
            COST_MODE_MISMATCH,
            "the cost treats every sample by itself, as in evaluation mode, the gradient is that of batch statistics",
        )
    return UNKNOWN, f"the gradient is right for {net}, but the cost is not that net's"


def _is_penalty_only(point: Point, reading: Reading) -> bool:
    """Whether the numeric gradient is the penalty's, or 0, so that the data part has none."""
    penalised = reading.at(point.data).penalty
    penalty = [np.zeros_like(a) for a in point.arrays]
    for layer, place in enumerate(reading.layout.weights, start=1):
        if place.bias_column is None:
            penalty[place.leaf] = 2 * penalised[f"W{layer}"] * point.arrays[place.leaf]
    pairs = list(zip(point.compared.numeric, penalty, strict=True))
    return any(all(np.allclose(n, times * own, atol=1e-9) for n, own in pairs) for times in (0.0, 1.0))


def _separable(subject: Subject, point: Point, roles: Roles) -> bool:
    """Whether the cost of the batch is the mean of the samples' costs."""
    if not roles.complete:
        return False
    samples = roles.samples(point.data)
    try:
        one_by_one = [
            real_cost(subject, point.arrays, roles.with_samples(point.data, np.array([i])))
            for i in range(samples)
        ]
        whole = real_cost(subject, point.arrays, point.data)
    except Exception:
        return False
    return bool(abs(np.mean(one_by_one) - whole) <= 1e-9 * max(1.0, abs(whole)))


def _unknown(point: Point) -> Cause:
    pairs = zip(point.compared.tensors, point.analytic, strict=True)
    wrong = [(tensor, g) for tensor, g in pairs if tensor.verdict != "right"]
    parts = [
        f"{tensor.name} differs by {tensor.difference:.2g} in norm"
        if np.any(g)
        else f"{tensor.name} is 0 everywhere"
        for tensor, g in wrong
    ]
    words = _common_factor(point) + "; ".join(parts[:4])
    return UNKNOWN.cause([tensor.name for tensor, _ in wrong], NO_IDEA, words)
