"""From points at which gradients disagree to causes: whose fault it is, what is wrong, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import (
    another_net,
    by_true_values,
    cost_faults,
    known_layer,
    known_net,
    of_parts,
    patched,
    penalty_factor,
    reading,
    unrecognised,
)
from chainrule.gradcheck.diagnosis.evidence import (
    CERTAIN,
    LIKELY,
    NO_IDEA,
    Evidence,
    Made,
    multiple,
)
from chainrule.gradcheck.diagnosis.explanations import explanations
from chainrule.gradcheck.diagnosis.lines_before import mending_before
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.result import Cause, Fault, Line


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong.

    Attributes:
        fault: whose it is, None when nothing is wrong.
        causes: most likely first.
        reading: of the cost, at the first point that is not right, else at the given one; where the cost is of no known
            form, that of the net whose gradient it is and which it is meant to be, or None.
        reading_mended: of the cost as it would be without its fault.
        mistake: the simplest one that explains the gradient.
        line: where it is; known where a small change of the source told what is wrong, or what the cost forms.
    """

    fault: Fault | None
    causes: list[Cause]
    reading: Reading | None = None
    reading_mended: Reading | None = None
    mistake: Made | None = None
    line: Line | None = None


@dataclass(frozen=True)
class Terms:
    """What is to be found out, and what is known before.

    Attributes:
        explained: the causes of a wrong gradient; else only whose fault it is, and the causes stay unknown.
        cost_is_given: it is not the cost's fault.
        drawn: the computation as a graph too.
        of_parts: causes that were found in what the gradient may call.
        measured: the gradient beside central and forward differences too.
    """

    explained: bool = True
    cost_is_given: bool = False
    drawn: bool = False
    of_parts: Sequence[Cause] = ()
    measured: bool = False


ALL = Terms()
"""The causes, whosever fault it is."""


@dataclass(frozen=True)
class Case:
    """All that a diagnosis is made from.

    Attributes:
        points: those to be explained, the given one first; where the gradient is not that of the net which the cost
            was read as, held against that (:mod:`.known_net`).
        evidence: of those at which the cost's reading holds.
        read_at_given: the reading at the given point; None where the cost is of no known form.
    """

    points: tuple[CheckedPoint, ...]
    evidence: list[Evidence]
    read_at_given: Reading | None


def case_of(points: Sequence[CheckedPoint], rng: np.random.Generator) -> Case:
    """Read the cost at every point."""
    read_at_given = reading.read(points[0].point, rng)
    return extended(Case((), [], read_at_given), points, rng)


def extended(case: Case, points: Sequence[CheckedPoint], rng: np.random.Generator) -> Case:
    """A case with more points."""
    read_at_given, given = case.read_at_given, [*case.points, *points][0]
    evidence = [] if read_at_given is None else _evidence(read_at_given, points, rng)
    held = {id(e.checked): known_net.held_against(e) for e in evidence if not _at_the_same(e.checked, given)}
    seen = [replace(e, checked=held.get(id(e.checked), e.checked)) for e in evidence]
    also = (held.get(id(checked), checked) for checked in points)
    return Case((*case.points, *also), [*case.evidence, *seen], read_at_given)


def diagnose(case: Case, terms: Terms = ALL) -> Diagnosis:
    """Explain the points; with nothing wrong at any of them only the cost is looked at, and not where it is given."""
    points = case.points
    not_right = [checked for checked in points if checked.verdict != "right"]
    order = [*not_right, *(checked for checked in points if checked.verdict == "right")]
    evidence = sorted(case.evidence, key=lambda e: e.checked.verdict == "right")
    diagnosis = _by_reading(evidence, not_right, terms) if evidence else _of_a_layer(not_right, terms)
    read_first = evidence[0].reading if evidence else case.read_at_given
    wrong = any(checked.verdict == "wrong" for checked in points)
    if diagnosis is None and wrong and not terms.cost_is_given:
        diagnosis = _of_another_net(order, read_first)
    if diagnosis is not None:
        return diagnosis
    if not not_right:
        return Diagnosis(None, [], read_first)
    if not terms.explained:
        return Diagnosis("gradient", [_unknown(not_right[0])], read_first)
    causes = of_parts.causes(order, terms.of_parts)
    causes = causes or unrecognised.causes(order) or by_true_values.causes(order)
    if causes:
        return Diagnosis("gradient", causes, read_first)
    return _mended(order, not_right[0], read_first)


def _at_the_same(checked: CheckedPoint, given: CheckedPoint) -> bool:
    """Whether the parameters are the given ones: at those a net may have kinks, and several right gradients."""
    return all(map(np.array_equal, checked.point.arrays, given.point.arrays))


def _by_reading(
    evidence: Sequence[Evidence], not_right: Sequence[CheckedPoint], terms: Terms
) -> Diagnosis | None:
    """What is wrong with a cost that was read as a net, or with its gradient; None where nothing is known."""
    here = evidence[0].reading
    of_the_cost = None if terms.cost_is_given else cost_faults.fault_of(evidence, bool(not_right))
    if of_the_cost is not None:
        return Diagnosis("cost", [of_the_cost.cause], here, of_the_cost.mended, line=of_the_cost.line)
    wanted = bool(not_right) and terms.explained
    causes, mistake = _causes_in_the_gradient(evidence, not_right[0]) if wanted else ([], None)
    return Diagnosis("gradient", causes, here, mistake=mistake) if causes else None


def _of_another_net(points: Sequence[CheckedPoint], read: Reading | None) -> Diagnosis | None:
    """What is wrong where the gradient is right for a net that is not the cost's; None where it is for none."""
    found = another_net.found(points, read)
    if found is None:
        return None
    return Diagnosis(found.fault, [found.cause], found.net if found.fault == "cost" else None)


def _of_a_layer(not_right: Sequence[CheckedPoint], terms: Terms) -> Diagnosis | None:
    """What is wrong with the backward pass of a layer by itself; None where it is none that is known."""
    if not not_right or not terms.explained:
        return None
    layer = known_layer.outputs(not_right[0].point)
    known = known_layer.causes(*layer, not_right[0]) if layer is not None else []
    return Diagnosis("gradient", known) if known else None


def _evidence(read: Reading, points: Sequence[CheckedPoint], rng: np.random.Generator) -> list[Evidence]:
    """Every point at which the reading's form holds."""
    pairs = [(checked, reading.again(read, checked.point, rng)) for checked in points]
    return [Evidence(checked, here) for checked, here in pairs if here is not None]


def _causes_in_the_gradient(
    evidence: Sequence[Evidence], checked: CheckedPoint
) -> tuple[list[Cause], Made | None]:
    """A cause for every mistake that explains the gradient, the simplest first, and the simplest one itself."""
    tensors = checked.names_not_right
    sure = CERTAIN if len(evidence) > 1 else LIKELY
    net, measured = evidence[0].net(), _common_factor(checked)
    causes: dict[tuple[Bug, ...], Cause] = {}
    simplest_first = sorted(explanations(evidence), key=_complexity)
    for made in simplest_first:
        bugs = tuple(dict.fromkeys(m.bug for m in made.mistakes))
        # A number that fits and means nothing explains no more than that the gradient is wrong.
        if bugs in causes or UNKNOWN in bugs:
            continue
        first, *others = made.mistakes
        words = "; ".join(dict.fromkeys(m.said(net) for m in made.mistakes))
        words += penalty_factor.both_sides(made, evidence[0])
        causes[bugs] = first.bug.cause(
            tensors, sure, f"{', '.join(tensors)}: {measured}{words}", first.repair
        )
        for other in (m for m in others if m.bug != first.bug):
            causes[*bugs, other.bug] = other.bug.cause(tensors, sure - 0.01, other.said(net))
    return list(causes.values()), simplest_first[0] if causes else None


def _common_factor(checked: CheckedPoint) -> str:
    """The factor between the gradients, in words, where it is one in all wrong tensors that have one."""
    pairs = zip(checked.tensors, checked.analytic, checked.numeric, strict=True)
    factors = [multiple(g, n) for tensor, g, n in pairs if tensor.verdict != "right"]
    rounded = {float(f"{factor:.6g}") for factor in factors if factor is not None}
    return f"{rounded.pop():.6g} x the numeric gradient: " if len(rounded) == 1 else ""


def _complexity(made: Made) -> tuple[int, int]:
    return len(made.mistakes), sum(len(layers) for layers in made.layers)


def _mended(points: Sequence[CheckedPoint], checked: CheckedPoint, read: Reading | None) -> Diagnosis:
    """What a small change of the source makes right; of no known name where values do not show which."""
    patch = patched.mending(points) or mending_before(points, TrueValues(checked.point), None)
    if patch is None:
        causes = by_true_values.of_two(points) or by_true_values.with_the_rest([], points)
        return Diagnosis("gradient", causes or [_unknown(checked)], read)
    cause, bug = _unknown(checked), patched.bug_of(patch, points)
    if bug is not None:
        words = f"{', '.join(checked.names_not_right)}: {patched.WORDS[patch.kind]}"
        cause = bug.cause(checked.names_not_right, LIKELY, words)
    return Diagnosis("gradient", [cause], read, line=patched.line_of(patch))


def _unknown(checked: CheckedPoint) -> Cause:
    pairs = zip(checked.tensors, checked.analytic, strict=True)
    parts = [
        f"{tensor.name} differs by {tensor.difference:.2g} in norm"
        if np.any(g)
        else f"{tensor.name} is 0 everywhere"
        for tensor, g in pairs
        if tensor.verdict != "right"
    ]
    return UNKNOWN.cause(checked.names_not_right, NO_IDEA, _common_factor(checked) + "; ".join(parts[:4]))
