"""The check: a gradient held against numeric differences, at the given point and around it, then explained."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import lines, numeric_difference, own_numeric, own_update, reading
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis, Terms, case_of, diagnose, extended
from chainrule.gradcheck.diagnosis.drawn import computation
from chainrule.gradcheck.diagnosis.finding import Finding, located
from chainrule.gradcheck.diagnosis.judged import JudgedGradient, judged
from chainrule.gradcheck.diagnosis.misshapen import misshapen
from chainrule.gradcheck.diagnosis.numeric_difference import NumericDifference
from chainrule.gradcheck.diagnosis.remaining import Remaining, told_undone
from chainrule.gradcheck.hints import HintLevel, hinted, require_level
from chainrule.gradcheck.numeric import (
    again,
    directions,
    doubts,
    hygiene,
    ordering,
    paths,
    smaller,
    surroundings,
    tried,
)
from chainrule.gradcheck.numeric.again import Unseen
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.numeric.methods import by_methods
from chainrule.gradcheck.numeric.tried import Tried
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.from_python import CalledFromPython
from chainrule.gradcheck.program.interface import Description, Program
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import l2_name
from chainrule.gradcheck.program.orders import programs
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.at_other_values import HandedIn
from chainrule.gradcheck.repair.in_place import InPlace, file_name
from chainrule.gradcheck.repair.search import Repaired, SearchInterrupted, Verifier, Wrong, repaired
from chainrule.gradcheck.repair.told_changes import settings_beside, without_settings
from chainrule.gradcheck.result import Cause, MethodDifference, Verdict

_GIVEN_AND_UNSEEN = 2
"""Points at which every gradient is compared: the given one, and one that nobody could know."""


def check_gradient(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    *data: Any,
    update: Callable[..., Any] | None = None,
    numeric: Callable[..., Any] | None = None,
    seed: int = 0,
    repair: bool = False,
    hints: HintLevel | None = None,
    differences: bool = False,
) -> Check:
    """Check a hand-written gradient, and name what is wrong with it.

    Functions that take their arguments in another order, ``cost(X, Y, parameters, lam)``, are called by the names of
    these (:mod:`chainrule.gradcheck.program.orders`).

    Args:
        cost: ``cost(parameters, *data)`` gives the cost, one number.
        gradient: ``gradient(parameters, *data)`` gives the gradients, one array for each of the parameters.
        parameters: any nest of floating-point arrays: dict, list, tuple, dataclass, object.
        data: what else both take: inputs, labels, l2.
        update: ``update(parameters, gradient, rate)``, one step of gradient descent, checked too if given.
        numeric: your own numeric gradient, called like ``gradient``, checked too if given.
        seed: of the directions and points that are drawn.
        repair: look for a change of the source with which it is right: ``check.repairs``.
        hints: say less of what is wrong (:mod:`chainrule.gradcheck.hints`): 1 which tensors, 2 what kind of mistake it
            may be, 3 on which line; ``check.hints`` in the place of causes.
        differences: measure every entry against central and forward differences too: ``check.differences``, of which
            :func:`chainrule.gradient_table` makes the table that reports print.

    Raises:
        CheckError: what was given cannot be checked.

    Example:
        >>> import numpy as np
        >>> def cost(p, x):
        ...     return float(np.sum((p["w"] * x) ** 2))
        >>> def gradient(p, x):
        ...     return {"w": 2 * p["w"] * x}
        >>> outcome = check_gradient(cost, gradient, {"w": np.array([1.0, 2.0])}, np.array([3.0, 4.0]))
        >>> outcome.verdict
        'wrong'
    """
    with CalledFromPython():
        require_level(hints, repair=repair)
        orders = programs(cost, gradient, parameters, data, update=update, numeric=numeric)
        program = next(orders)
        handed = _handed_in(program, cost, gradient, parameters, data)
        verify = verifying_in_place(seed, handed=handed) if repair else None
        outcome = check(program, seed=seed, verify=verify, measured=differences)
        if not outcome.right and any(check(other, seed=seed, explained=False).right for other in orders):
            raise CheckError(
                "the order of arguments: cannot be told, as the functions run in several, and the gradient is right in "
                "one of them; wrap them: lambda parameters, *data: cost(...)"
            )
        outcome = replace(
            outcome,
            causes=without_settings(outcome.causes, lambda: [*settings_beside(gradient), *handed.numbers()]),
        )
        return outcome if hints is None else hinted(outcome, hints)


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

    >>> import numpy as np
    >>> w = {"w": np.array([1.0, 2.0])}
    >>> assert_gradient(lambda p: (p["w"] ** 2).sum(), lambda p: {"w": 2 * p["w"]}, w)
    >>> try:
    ...     assert_gradient(lambda p: (p["w"] ** 2).sum(), lambda p: {"w": -2 * p["w"]}, w)
    ... except AssertionError as error:
    ...     print(str(error).splitlines()[0])
    the gradient is wrong: wrong-sign
    """
    with CalledFromPython():
        outcome = check_gradient(cost, gradient, parameters, *data, update=update, numeric=numeric, seed=seed)
        if not outcome.right:
            raise AssertionError(str(outcome))


def verifying_in_place(
    seed: int, shown: Callable[[str], str] = file_name, handed: HandedIn | None = None
) -> Verifier:
    """What verifies repairs of functions of this process; ``shown``: what the user calls a file; ``handed``: what they
    were handed, where it can be made another."""
    return InPlace(functools.partial(check, seed=seed, explained=False), shown, handed)


def _handed_in(
    program: LocalProgram,
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    data: Sequence[Any],
) -> HandedIn:
    names = [*program.describe().data_names, *[""] * len(data)][: len(data)]
    # The penalty is varied wherever a gradient is checked.
    own = ["" if name == l2_name(names) else name for name in names]

    def made(values: Sequence[Any]) -> Program:
        other_cost, other_gradient, others, *other_data = values
        return next(programs(other_cost, other_gradient, others, other_data))

    return HandedIn(program, (cost, gradient, parameters, *data), ("", "", "", *own), made)


# A user's numbers may be as large as they like.
@np.errstate(over="ignore", invalid="ignore")
def check(
    program: Program,
    *,
    seed: int = 0,
    explained: bool = True,
    cost_is_given: bool = False,
    drawn: bool = False,
    verify: Verifier | None = None,
    of_parts: Sequence[Cause] = (),
    measured: bool = False,
) -> Check:
    """Check a program; see :func:`check_gradient`.

    Where it is not ``explained`` there are no causes; the verdict is the same, and found sooner. Where the
    ``cost_is_given``, nothing that is wrong is the fault of the cost. ``drawn``: with the computation as a graph.
    ``verify``: what verifies repairs, where they are asked for. ``of_parts``: causes that were found in what the
    gradient may call. ``measured``: with the differences from central and forward ones.
    """
    terms = Terms(explained, cost_is_given, drawn, of_parts, measured)
    rng = np.random.default_rng(seed)
    description = program.describe()
    given = Point.of_program(program, description)
    notes = _notes(description, given)
    unsteady = hygiene.unsteady_cost(given)
    if unsteady is not None and cost_is_given:
        raise CheckError(f"the cost: {unsteady.evidence}; {unsteady.repair}")
    if unsteady is not None:
        finding = Finding(unsteady, "cost", lambda: lines.of_unsteady_cost(given))
        return Check("wrong", "cost", (), located([finding]) if explained else (), notes)
    hygiene.refuse_rounded(given, rng)
    returned = given.returned()
    odd_shapes = misshapen(given, returned, rng)
    if odd_shapes is not None:
        cost, causes = given.cost(), located(odd_shapes.findings) if explained else ()
        mended, interrupted = Repaired(causes), False
        if verify is not None:
            wrong = Wrong((odd_shapes.checked_at(given),), causes)
            mended, interrupted = _mended(functools.partial(repaired, wrong, verify))
        return Check(
            "wrong",
            "gradient",
            odd_shapes.tensors,
            mended.causes,
            notes,
            odd_shapes.numeric.scheme,
            cost,
            repairs=mended.repairs,
            unrepaired=mended.unrepaired,
            interrupted=interrupted,
        )
    ordered, guess = ordering.settled(given, returned, rng)
    mutated = hygiene.mutated(ordered, returned)
    analytic = ordered.matched(ordered.in_order(returned))
    hygiene.refuse_not_finite(ordered.names, analytic)
    told = (*notes, guess) if guess else notes
    entrywise = functools.partial(_by_entries, mutated=mutated, rng=rng, terms=terms, verify=verify)
    outcome = _at_any_size(ordered, analytic, told, rng, entrywise)
    return replace(outcome, guessed_order=bool(guess), order=tuple(ordered.order or ()))


def _notes(description: Description, given: Point) -> tuple[str, ...]:
    pairs = zip(description.names, description.arrays, strict=True)
    single = [name for name, array in pairs if array.dtype.itemsize < 8]
    notes = []
    if single:
        notes.append(
            f"{', '.join(single)}: single precision is too coarse for differences; checked in double precision"
        )
    if given.roles is not None:
        notes.append(f"taken for {given.roles.words}")
    return tuple(notes)


def _at_any_size(
    at: Point,
    analytic: list[Array],
    notes: tuple[str, ...],
    rng: np.random.Generator,
    entrywise: Callable[[Point, list[Array], tuple[str, ...]], Check],
) -> Check:
    """Every entry compared; where there are too many, directions, and every entry of a smaller problem."""
    if not directions.is_large(at):
        return entrywise(at, analytic, notes)
    full = directions.by_directions(at, analytic, rng)
    small = smaller.smaller(at, analytic, rng, right=full.right)
    said = (*notes, small.words) if small.words else notes
    outcome = entrywise(small.point, small.point.gradient(), said)
    return directions.joined(outcome, full, of_directions=small.of_directions)


def _by_entries(
    at: Point,
    analytic: list[Array],
    notes: tuple[str, ...],
    mutated: Cause | None,
    rng: np.random.Generator,
    terms: Terms,
    verify: Verifier | None,
) -> Check:
    """Every entry compared, at the point and around it, and explained; what was handed in beside the gradient too.

    Raises:
        TimeUpError: it was up before there was a verdict.
    """
    # Asked before time may be up.
    unseen, description = again.ask(at, analytic), at.program.describe()
    attempts = Tried(surroundings.given_values(at))
    outcome, at_kinks = _judged(at, unseen, attempts, rng, terms)
    outcome.refuse_flat()
    shown, verdict, points = outcome.shown, outcome.verdict, outcome.case.points
    cost = shown.point.cost()
    numeric = numeric_difference.told(at, unseen.points[0], rng)
    at.require_time()
    remaining = Remaining(at)
    explained = functools.partial(diagnose, outcome.case, terms)
    wanted = terms.explained and outcome.diagnosis.fault == "gradient" and verdict != "right"
    diagnosis = remaining.done("its causes", explained, outcome.diagnosis) if wanted else outcome.diagnosis
    if remaining.undone:
        # That nothing explains it is known only once all was tried.
        tried_so_far = [cause for cause in diagnosis.causes if cause.name != UNKNOWN.name]
        diagnosis = replace(diagnosis, causes=tried_so_far)
    of_gradient = _gradient_findings(points, diagnosis, verdict, mutated, numeric)
    handed_in, nothing = functools.partial(_beside_findings, points, description), list[Finding]()
    beside = remaining.done("the numeric check and the update", handed_in, nothing)
    verdict = "wrong" if mutated or beside else numeric.at_best(verdict) if numeric else verdict
    if verdict == "right":
        at.require_time()
    findings = [*of_gradient, *beside]
    with_lines = functools.partial(located, findings)
    causes = tuple(finding.cause for finding in findings) if terms.explained else ()
    causes = remaining.done("their lines", with_lines, causes) if causes else causes
    mended, interrupted = Repaired(causes), False
    diagnosed_fault = diagnosis.fault if outcome.verdict != "right" else None
    fault = diagnosed_fault or next((finding.fault for finding in findings), None)
    if verify is not None and fault is not None:
        search = functools.partial(repaired, Wrong(tuple(points), causes, fault), verify)
        mended, interrupted = _mended(functools.partial(remaining.done, "a repair", search, mended))
    graph = functools.partial(computation, points, causes)
    methods, none = functools.partial(by_methods, shown.point, shown.analytic), tuple[MethodDifference, ...]()
    measured = terms.measured and not interrupted
    computed = remaining.done("the picture", graph, None) if terms.drawn and not interrupted else None
    differences = remaining.done("its differences", methods, none) if measured else none
    told = outcome.verdict == "right" or bool(shown.words)
    return Check(
        verdict=verdict,
        fault=fault,
        tensors=outcome.tensors,
        causes=mended.causes,
        computation=computed,
        notes=(
            *notes,
            *([at_kinks] if at_kinks else []),
            *outcome.remainder,
            *_about(outcome, diagnosis),
            *told_undone(remaining.undone),
        ),
        differences=differences,
        tried=attempts.words if told else (),
        not_tried=attempts.left_out if told else (),
        undone=tuple(remaining.undone),
        points=_GIVEN_AND_UNSEEN + attempts.count,
        repairs=mended.repairs,
        unrepaired=mended.unrepaired,
        interrupted=interrupted,
        scheme=shown.scheme,
        cost=cost,
        analytic=numeric is None,
    )


def _mended(search: Callable[[], Repaired]) -> tuple[Repaired, bool]:
    """What came of the search of a repair, and whether it was interrupted: nothing more can be asked then."""
    try:
        return search(), False
    except SearchInterrupted as stopped:
        return stopped.found, True


def _judged(
    at: Point, unseen: Unseen, attempts: Tried, rng: np.random.Generator, terms: Terms
) -> tuple[JudgedGradient, str]:
    """The gradient judged at the given point and those around it; where it is right, at further ones. And what is to be
    said of the given one."""
    compared, at_kinks = tried.points(at, rng, attempts)
    compared.append(tried.unseen(unseen.points[0], rng))
    compared += doubts.beside_kinks(compared, rng)
    outcome = judged(case_of(compared, rng), rng, terms)
    if outcome.verdict != "right":
        return outcome, at_kinks
    doubts.refuse_drowned(outcome.case.points)
    cost = outcome.meant.cost if outcome.meant else Point.cost
    paths.require_adding_up(_with_a_cost(unseen.points, cost) if cost else unseen.points[0], cost)
    unseen.require_same()
    holds = functools.partial(_holds, outcome.diagnosis, rng)
    elsewhere = tried.disagreeing(compared[0], holds, rng, attempts)
    if elsewhere:
        outcome = judged(extended(outcome.case, elsewhere, rng), rng, terms)
    return outcome, at_kinks


def _with_a_cost(points: Sequence[Point], cost: Callable[[Point], float]) -> Point:
    """The first point that a cost has a value at: without its guard, a logarithm need not have one far out."""
    for point in points:
        with contextlib.suppress(CheckError):
            cost(point)
            return point
    return points[0]


def _beside_findings(points: Sequence[CheckedPoint], description: Description) -> list[Finding]:
    """What is wrong with what was handed in beside the gradient."""
    return [
        *(own_numeric.findings(points[:2]) if description.has_numeric else []),
        *(own_update.findings(points[0]) if description.has_update else []),
    ]


def _about(judged: JudgedGradient, diagnosis: Diagnosis) -> list[str]:
    """What a reader should know of the figures."""
    shown, said = judged.shown, [judged.meant.words] if judged.meant else []
    if shown.words and judged.verdict != "right":
        said.append(f"right at the given point; wrong with {shown.words}: the figures are those")
    if shown.kinks:
        said.append(
            f"{shown.kinks} entries lie at kinks, where any value between the one-sided slopes is right"
        )
    if diagnosis.reading is not None:
        said.append(f"read as a net: {reading.described(diagnosis.reading, shown.point)}")
    return said


def _holds(diagnosis: Diagnosis, rng: np.random.Generator, point: Point) -> bool:
    """Whether a cost that was read can be read at another point, too."""
    return diagnosis.reading is None or reading.again(diagnosis.reading, point, rng) is not None


def _gradient_findings(
    points: Sequence[CheckedPoint],
    diagnosis: Diagnosis,
    verdict: Verdict,
    mutated: Cause | None,
    numeric: NumericDifference | None,
) -> list[Finding]:
    """What is wrong with the gradient, or with the cost: by the diagnosis, and by what a call of it does."""
    given = points[0].point
    causes = diagnosis.causes if verdict != "right" else []
    if (mutated or numeric) and all(cause.name == UNKNOWN.name for cause in causes):
        causes = []
    # What was certainly not derived has no line that forms a part of a derivation.
    underived = diagnosis.fault == "gradient" and numeric is not None and numeric.certain
    every = lines.LinesOfCauses(diagnosis, points)
    findings = [
        Finding(
            cause,
            diagnosis.fault or "gradient",
            (lambda: None) if underived else functools.partial(every.of, cause.name),
        )
        for cause in causes
    ]
    if mutated is not None:
        findings.append(Finding(mutated, "gradient", lambda: lines.of_mutation(given)))
    return [numeric.finding, *findings] if numeric else findings
