"""The check: a gradient held against numeric differences, at the given point and around it, then explained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import lines, mending, misshapen, own_checks, reading
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis, diagnose
from chainrule.gradcheck.numeric import directions, hygiene, ordering, point, surroundings
from chainrule.gradcheck.numeric.differences import taylor_order
from chainrule.gradcheck.numeric.point import Point
from chainrule.gradcheck.program import roles
from chainrule.gradcheck.program.roles import Roles
from chainrule.gradcheck.program.subject import Local, Subject, real_cost
from chainrule.gradcheck.result import Cause, Check, Fault, Verdict


def check_gradient(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    *data: Any,
    update: Callable[..., Any] | None = None,
    numeric: Callable[..., Any] | None = None,
    seed: int = 0,
) -> Check:
    """Check a hand-written gradient, and name what is wrong with it.

    Args:
        cost: ``cost(parameters, *data)`` gives the cost, one number.
        gradient: ``gradient(parameters, *data)`` gives the gradients, one array for each of the parameters.
        parameters: any nest of floating-point arrays: dict, list, tuple, dataclass, object.
        data: what else both take: inputs, labels, l2.
        update: ``update(parameters, gradient, rate)``, one step of gradient descent, checked too if given.
        numeric: your own numeric gradient, called like ``gradient``, checked too if given.
        seed: of the directions and points that are drawn.

    Raises:
        CheckError: what was given cannot be checked.
    """
    return check(Local(cost, gradient, parameters, data, update=update, numeric=numeric), seed=seed)


def assert_gradient(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    *data: Any,
    update: Callable[..., Any] | None = None,
    numeric: Callable[..., Any] | None = None,
    seed: int = 0,
) -> None:
    """:func:`check_gradient`, for tests.

    Raises:
        AssertionError: the gradient is not right; the message is the diagnosis.
        CheckError: what was given cannot be checked.
    """
    outcome = check_gradient(cost, gradient, parameters, *data, update=update, numeric=numeric, seed=seed)
    if not outcome.right:
        raise AssertionError(f"\n{outcome}")


def check(subject: Subject, *, seed: int = 0) -> Check:
    """Check a subject; see :func:`check_gradient`."""
    rng = np.random.default_rng(seed)
    given = subject.describe()
    names: list[str] = given["names"]
    arrays, data = [np.asarray(a, dtype=np.float64) for a in given["arrays"]], given["data"]
    found = roles.find(data, given["data_names"])
    notes = _notes(given, found)
    unsteady = hygiene.unsteady_cost(subject, names, arrays, data)
    if unsteady is not None:
        line = lines.of_unsteady_cost(subject, arrays, data)
        return Check("wrong", "cost", (), (mending.on_line(unsteady, line),), tuple(notes))
    hygiene.refuse_rounded(subject, arrays, data, rng)
    first = subject.gradient(arrays, data)
    odd_shapes = misshapen.misshapen(subject, names, arrays, data, first, rng)
    if odd_shapes is not None:
        return replace(odd_shapes, notes=tuple(notes))
    mutated = hygiene.mutated(names, arrays, first)
    subject, guess = ordering.settled(subject, names, arrays, data, first, rng)
    notes += [guess] if guess else []
    analytic = point.matched(names, arrays, subject.gradient(arrays, data))
    hygiene.refuse_not_finite(names, analytic)
    full = None
    if directions.is_large(arrays):
        full = directions.by_directions(subject, names, arrays, data, analytic, rng)
        small = directions.smaller(subject, arrays, data, analytic, found, rng)
        if small is None:
            return directions.without_entries(full, tuple(notes))
        arrays, data, words = small
        notes.append(words)
    points, said = surroundings.points(subject, names, arrays, data, found, rng)
    notes += said
    explained = diagnose(subject, names, points, found, rng)
    outcome = _outcome(subject, points, explained, notes, rng)
    outcome = _with_hygiene(subject, mutated, points[0], outcome, exact=explained.nearly is None)
    outcome = _with_own(subject, names, points, given, outcome)
    # Last, as values put in the place of others may stay behind in what the user's code keeps.
    outcome = _with_lines(subject, names, points, explained, outcome)
    return outcome if full is None else directions.joined(outcome, full)


def _notes(given: dict[str, Any], found: Roles | None) -> list[str]:
    notes = []
    single = [n for n, a in zip(given["names"], given["arrays"], strict=True) if a.dtype.itemsize < 8]
    if single:
        notes.append(
            f"{', '.join(single)}: single precision is too coarse for differences; checked in double precision"
        )
    if found is not None:
        notes.append(f"taken for {found.words}")
    return notes


def _outcome(
    subject: Subject,
    points: Sequence[Point],
    explained: Diagnosis,
    notes: list[str],
    rng: np.random.Generator,
) -> Check:
    """The verdict, with the figures of one of the points; what a reader should know of them is added to the notes."""
    shown = _shown(points)
    verdict = _verdict(subject, points, shown, explained, notes, rng)
    if explained.nearly is not None:
        notes.append(explained.nearly)
        settled = [replace(tensor, verdict="right", worst=()) for tensor in shown.compared.tensors]
        shown = replace(shown, compared=replace(shown.compared, tensors=settled))
    if shown.words and verdict != "right":
        notes.append(f"right at the given point; wrong with {shown.words}: the figures are those")
    if shown.scheme != "complex step" and all(t.zero for t in shown.compared.tensors) and not explained.fault:
        raise CheckError(
            "the cost: changes by less than its rounding in every parameter; check it where its gradient is not 0, or "
            "scale it up"
        )
    if shown.kinks:
        notes.append(
            f"{shown.kinks} entries lie at kinks, where any value between the one-sided slopes is right"
        )
    if explained.reading is not None:
        notes.append(f"read as a net: {reading.described(explained.reading, shown.arrays)}")
    return Check(
        verdict,
        explained.fault if verdict != "right" else None,
        tuple(shown.compared.tensors),
        tuple(explained.causes) if verdict != "right" else (),
        tuple(notes),
        shown.scheme,
        real_cost(subject, shown.arrays, shown.data),
    )


def _shown(points: Sequence[Point]) -> Point:
    """The point whose figures are shown: the given one, unless it is right and another is wrong."""
    given = points[0]
    if given.verdict != "right":
        return given
    return next((other for other in points if other.verdict == "wrong"), given)


def _verdict(
    subject: Subject,
    points: Sequence[Point],
    shown: Point,
    explained: Diagnosis,
    notes: list[str],
    rng: np.random.Generator,
) -> Verdict:
    if explained.nearly is not None:
        return "right"
    verdict = shown.verdict
    if explained.fault and any(p.verdict == "wrong" for p in points):
        verdict = "wrong"
    if verdict == "suspect":
        verdict = _settled(subject, shown, notes, rng)
    return "wrong" if explained.fault == "cost" else verdict


def _with_lines(
    subject: Subject, names: Sequence[str], points: Sequence[Point], explained: Diagnosis, outcome: Check
) -> Check:
    """With the lines of the causes that the diagnosis gave."""
    if not set(explained.causes) & set(outcome.causes):
        return outcome
    if explained.fault != "cost" and all(p.verdict != "wrong" for p in points):
        return outcome
    located = lines.with_lines(subject, names, points, explained)
    found = dict(zip(explained.causes, located, strict=True))
    return replace(outcome, causes=tuple(found.get(cause, cause) for cause in outcome.causes))


def _settled(subject: Subject, at: Point, notes: list[str], rng: np.random.Generator) -> Verdict:
    """A small difference: the order of the Taylor remainder tells whether the gradient is right."""
    if at.scheme == "complex step":
        notes.append(
            "the difference is small but real: an epsilon in only one of cost and gradient, or single precision?"
        )
        return "suspect"
    try:
        order = taylor_order(subject, at.arrays, at.data, at.analytic, rng)
    except CheckError:
        return "suspect"
    notes.append(f"the Taylor remainder falls with order {order:.2f}; 2 is right, 1 is wrong")
    return "right" if order > 1.8 else "wrong" if order < 1.2 else "suspect"


def _with_own(
    subject: Subject, names: Sequence[str], points: Sequence[Point], given: dict[str, Any], outcome: Check
) -> Check:
    """With the verdicts on the user's numeric gradient and update."""
    if given["numeric"]:
        for cause in own_checks.own_numeric(subject, names, points[:2]):
            outcome = _joined(outcome, cause, "numeric check")
    if given["update"]:
        wrong = own_checks.update(subject, names, points[0])
        if wrong is not None:
            outcome = _joined(outcome, wrong, "update")
    return outcome


def _joined(outcome: Check, cause: Cause, fault: Fault) -> Check:
    return replace(outcome, verdict="wrong", fault=outcome.fault or fault, causes=(*outcome.causes, cause))


def _with_hygiene(
    subject: Subject, mutated: Cause | None, at: Point, outcome: Check, *, exact: bool
) -> Check:
    """With what was found of mutated parameters and of gradients that are none."""
    if mutated is not None:
        if all(cause.name == UNKNOWN.name for cause in outcome.causes):
            outcome = replace(outcome, causes=())
        line = lines.of_mutation(subject, at.arrays, at.data)
        outcome = _joined(outcome, mending.on_line(mutated, line), "gradient")
    names = tuple(t.name for t in at.compared.tensors)
    words = hygiene.calls_the_cost(subject, at.arrays, at.data)
    if words:
        own = (UNKNOWN.cause(names, 0.5, words, "derive the gradient, and compare it with the differences"),)
        fault = outcome.fault or "gradient"
        notes = (*outcome.notes, words)
        causes = outcome.causes or own
        return replace(outcome, verdict="wrong", fault=fault, analytic=False, causes=causes, notes=notes)
    if exact and outcome.right and hygiene.looks_numeric(at.analytic, at.compared.numeric, at.scheme):
        words = "the gradient has the error of a finite difference: it is no derivation"
        return replace(outcome, verdict="suspect", analytic=False, notes=(*outcome.notes, words))
    return outcome
