"""From points at which gradients disagree to causes: whose fault it is, what is wrong, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.gradcheck.causes import CAUSES
from chainrule.gradcheck.diagnosis import cost_faults, explain, unrecognised
from chainrule.gradcheck.diagnosis import reading as readings
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, is_right
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.leaves import Leaf
from chainrule.gradcheck.point import Point
from chainrule.gradcheck.result import Cause, Fault
from chainrule.gradcheck.roles import Roles
from chainrule.gradcheck.subject import Subject

CERTAIN, LIKELY, POSSIBLE, NO_IDEA = 0.98, 0.9, 0.6, 0.1


@dataclass(frozen=True)
class Diagnosis:
    """Whose fault it is, the causes, the cost's reading at the first wrong point, the same
    without the cost's fault, and the mistake behind the first cause."""

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
        causes, made = _of_the_gradient(evidence, names, wrong[0]) if wrong else ([], None)
        if causes:
            return Diagnosis("gradient", causes, reading, made=made)
    if not wrong:
        return Diagnosis(None, [], reading)
    if reading is None and roles is not None and any(point.verdict == "wrong" for point in points):
        found = _right_for_another_cost(subject, names, order, roles, rng)
        if found is not None:
            return found
    causes = unrecognised.explain(subject, names, order, roles)
    return Diagnosis("gradient", causes or [_unknown(wrong[0], names)], reading)


def _read(
    subject: Subject, names: Sequence[str], point: Point, roles: Roles | None, rng: np.random.Generator
) -> Reading | None:
    if roles is None:
        return None
    leaves = [Leaf(name, array) for name, array in zip(names, point.arrays, strict=True)]
    return readings.read(subject, leaves, point.arrays, point.data, roles, rng)


def _evidence(
    subject: Subject, reading: Reading, points: Sequence[Point], rng: np.random.Generator
) -> list[Evidence]:
    found = []
    for point in points:
        here = readings.again(subject, reading, point.arrays, point.data, rng)
        if here is not None:
            found.append(Evidence(point.arrays, point.data, point.analytic, point.compared.numeric, here))
    return found


def _of_the_gradient(
    evidence: Sequence[Evidence], names: Sequence[str], worst: Point
) -> tuple[list[Cause], Made | None]:
    found = explain.explanations(evidence)
    tensors = tuple(t.name for t in worst.compared.tensors if t.verdict != "right")
    sure = CERTAIN if len(evidence) > 1 else LIKELY
    causes: dict[tuple[str, ...], Cause] = {}
    measured = _factor(worst)
    ranked = sorted(found, key=_complexity)
    for made in ranked:
        key = tuple(dict.fromkeys(m.cause for m in made.mistakes))
        if key in causes or any(k == "unknown" for k in key):
            continue
        each = dict.fromkeys(m.words.format(samples=evidence[0].net().samples) for m in made.mistakes)
        words = "; ".join(each)
        said = f"{', '.join(tensors)}: {measured}{words}"
        causes[key] = Cause(key[0], tensors, sure, said, made.mistakes[0].repair or CAUSES[key[0]])
        for other in (m for m in made.mistakes[1:] if m.cause != key[0]):
            extra = other.words.format(samples=evidence[0].net().samples)
            causes[(*key, other.cause)] = Cause(other.cause, tensors, sure - 0.01, extra, CAUSES[other.cause])
    return list(causes.values()), ranked[0] if causes else None


def _factor(point: Point) -> str:
    """The factor between the gradients, in words, where it is one in all wrong tensors that have one."""
    factors = set()
    for tensor, g, n in zip(point.compared.tensors, point.analytic, point.compared.numeric, strict=True):
        size = float(np.vdot(n, n))
        if tensor.verdict != "right" and size > 0:
            factor = float(np.vdot(n, g)) / size
            if np.linalg.norm(g - factor * n) <= 1e-6 * np.linalg.norm(g):
                factors.add(float(f"{factor:.6g}"))
    return f"{factors.pop():.6g} x the numeric gradient: " if len(factors) == 1 else ""


def _complexity(made: Made) -> tuple[int, int]:
    return len(made.mistakes), sum(len(layers) for layers in made.layers)


def _right_for_another_cost(
    subject: Subject, names: Sequence[str], points: Sequence[Point], roles: Roles, rng: np.random.Generator
) -> Diagnosis | None:
    """The cost is of no known form, but the gradient is that of a known one: then the cost is at fault."""
    leaves = [Leaf(name, array) for name, array in zip(names, points[0].arrays, strict=True)]
    for reading in readings.guessed(leaves, points[0].arrays, points[0].data, roles):
        evidence = [
            Evidence(p.arrays, p.data, p.analytic, p.compared.numeric, reading.at(p.data)) for p in points
        ]
        if not all(is_right(e) for e in evidence):
            continue
        cause, words = _what_is_wrong_with(subject, points, roles, reading)
        return Diagnosis("cost", [Cause(cause, tuple(names), LIKELY, words, CAUSES[cause])], reading)
    return None


def _what_is_wrong_with(
    subject: Subject, points: Sequence[Point], roles: Roles, reading: Reading
) -> tuple[str, str]:
    net = readings.described(reading, points[0].arrays)
    if all(_is_penalty_only(point, reading) for point in points):
        return "cost-constant", "the cost's data part stays the same whatever the parameters"
    if reading.form.eps is not None and _separable(subject, points[0], roles):
        return (
            "cost-mode-mismatch",
            "the cost treats every sample by itself, as in evaluation mode, the gradient is that of batch statistics",
        )
    return "unknown", f"the gradient is right for {net}, but the cost is not that net's"


def _is_penalty_only(point: Point, reading: Reading) -> bool:
    """Whether the numeric gradient is the penalty's, or 0, so that the data part has none."""
    depth = len(reading.layout.weights)
    penalised = reading.at(point.data).penalty
    for times in (0.0, 1.0):
        alone = [np.zeros_like(a) for a in point.arrays]
        for layer in range(depth):
            place = reading.layout.weights[layer]
            if place.bias_column is None:
                alone[place.leaf] = times * 2 * penalised[f"W{layer + 1}"] * point.arrays[place.leaf]
        if all(np.allclose(n, own, atol=1e-9) for n, own in zip(point.compared.numeric, alone, strict=True)):
            return True
    return False


def _separable(subject: Subject, point: Point, roles: Roles) -> bool:
    """Whether the cost of the batch is the mean of the samples' costs."""
    if not roles.complete:
        return False
    samples = roles.samples(point.data)
    try:
        one_by_one = [
            float(np.real(subject.cost(point.arrays, roles.with_samples(point.data, np.array([i])))))
            for i in range(samples)
        ]
        whole = float(np.real(subject.cost(point.arrays, point.data)))
    except Exception:
        return False
    return bool(abs(np.mean(one_by_one) - whole) <= 1e-9 * max(1.0, abs(whole)))


def _unknown(point: Point, names: Sequence[str]) -> Cause:
    wrong = [t for t in point.compared.tensors if t.verdict != "right"]
    pairs = zip(point.compared.tensors, point.analytic, strict=True)
    parts = [
        f"{t.name} " + (f"differs by {t.difference:.2g} in norm" if np.any(g) else "is 0 everywhere")
        for t, g in pairs
        if t.verdict != "right"
    ]
    words = _factor(point) + "; ".join(parts[:4])
    return Cause("unknown", tuple(t.name for t in wrong), NO_IDEA, words, CAUSES["unknown"])
