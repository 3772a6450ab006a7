"""The check: a gradient held against numeric differences, at the given point and around it, then explained."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import findings, lines, numeric_difference, reading
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis, Terms, diagnose
from chainrule.gradcheck.diagnosis.drawn import computation
from chainrule.gradcheck.diagnosis.finding import Finding, located
from chainrule.gradcheck.diagnosis.judged import JudgedGradient
from chainrule.gradcheck.diagnosis.judgement import Judgement, KeptJudgement, judgement
from chainrule.gradcheck.diagnosis.misshapen import Misshapen, misshapen
from chainrule.gradcheck.diagnosis.remaining import Remaining, told_undone
from chainrule.gradcheck.diagnosis.undefined_name import told_by
from chainrule.gradcheck.numeric import (
    directions,
    hygiene,
    ordering,
    smaller,
)
from chainrule.gradcheck.numeric.methods import by_methods
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.interface import Description, Program
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.at_other_values import HandedIn
from chainrule.gradcheck.repair.in_place import InPlace, file_name
from chainrule.gradcheck.repair.search import Repaired, SearchInterrupted, Verifier, Wrong, repaired
from chainrule.gradcheck.result import Cause, MethodDifference

_GIVEN_AND_UNSEEN = 2
"""Points at which every gradient is compared: the given one, and one that nobody could know."""


def verifying_in_place(
    seed: int, shown: Callable[[str], str] = file_name, handed: HandedIn | None = None
) -> Verifier:
    """What verifies repairs of functions of this process; ``shown``: what the user calls a file; ``handed``: what they
    were handed, where it can be made another."""
    return InPlace(functools.partial(check, seed=seed, explained=False), shown, handed)


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
    kept: KeptJudgement | None = None,
) -> Check:
    """Check a program; see :func:`check_gradient`.

    Where it is not ``explained`` there are no causes; the verdict is the same, and found sooner. Where the
    ``cost_is_given``, nothing that is wrong is the fault of the cost. ``drawn``: with the computation as a graph.
    ``verify``: what verifies repairs, where they are asked for. ``of_parts``: causes that were found in what the
    gradient may call. ``measured``: with the differences from central and forward ones. ``kept``: what was found of the
    same gradient when its causes were not looked for.
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
    try:
        returned = given.returned()
    except NameError as error:
        if (nameless := told_by(error)) is None:
            raise
        return replace(nameless, notes=notes)
    odd_shapes = misshapen(given, returned, rng)
    if odd_shapes is not None:
        return _of_wrong_shapes(given, odd_shapes, notes, explained, verify)
    ordered, guess = ordering.settled(given, returned, rng)
    mutated = hygiene.mutated(ordered, returned)
    analytic = ordered.matched(ordered.in_order(returned))
    hygiene.refuse_not_finite(ordered.names, analytic)
    told = (*notes, guess) if guess else notes
    judge = functools.partial(judgement, kept=kept or KeptJudgement())
    entrywise = functools.partial(
        _by_entries, mutated=mutated, rng=rng, terms=terms, verify=verify, judge=judge
    )
    outcome = _at_any_size(ordered, analytic, told, rng, entrywise)
    return replace(outcome, guessed_order=bool(guess), order=tuple(ordered.order or ()))


def _of_wrong_shapes(
    given: Point, odd_shapes: Misshapen, notes: tuple[str, ...], explained: bool, verify: Verifier | None
) -> Check:
    """What is said of gradients of other shapes than their parameters have."""
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
    judge: Callable[[Point, list[Array], np.random.Generator, Terms], Judgement],
) -> Check:
    """Every entry compared, at the point and around it, and explained; what was handed in beside the gradient too.

    Raises:
        TimeUpError: it was up before there was a verdict.
    """
    description = at.program.describe()
    outcome, at_kinks, attempts, unseen = judge(at, analytic, rng, terms)
    outcome.refuse_flat()
    shown, verdict, points = outcome.shown, outcome.verdict, outcome.case.points
    cost = shown.point.cost()
    numeric = numeric_difference.told(at, unseen.points[0], rng)
    at.require_time()
    remaining = Remaining(at)
    diagnosis = _diagnosed(outcome, terms, remaining)
    of_gradient = findings.of_gradient(points, diagnosis, verdict, mutated, numeric)
    handed_in, nothing = functools.partial(findings.beside, points, description), list[Finding]()
    beside = remaining.done("the numeric check and the update", handed_in, nothing)
    verdict = "wrong" if mutated or beside else numeric.at_best(verdict) if numeric else verdict
    if verdict == "right":
        at.require_time()
    found = [*of_gradient, *beside]
    with_lines = functools.partial(located, found)
    causes = tuple(finding.cause for finding in found) if terms.explained else ()
    causes = remaining.done("their lines", with_lines, causes) if causes else causes
    mended, interrupted = Repaired(causes), False
    diagnosed_fault = diagnosis.fault if outcome.verdict != "right" else None
    fault = diagnosed_fault or next((finding.fault for finding in found), None)
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


def _diagnosed(outcome: JudgedGradient, terms: Terms, remaining: Remaining) -> Diagnosis:
    """What explains a wrong gradient; what the verdict needed where nothing more is wanted or time is up."""
    if not terms.explained or outcome.diagnosis.fault != "gradient" or outcome.verdict == "right":
        return outcome.diagnosis
    explained = functools.partial(diagnose, outcome.case, terms)
    diagnosis = remaining.done("its causes", explained, outcome.diagnosis)
    if remaining.undone:
        # That nothing explains it is known only once all was tried.
        tried_so_far = [cause for cause in diagnosis.causes if cause.name != UNKNOWN.name]
        diagnosis = replace(diagnosis, causes=tried_so_far)
    return diagnosis


def _mended(search: Callable[[], Repaired]) -> tuple[Repaired, bool]:
    """What came of the search of a repair, and whether it was interrupted: nothing more can be asked then."""
    try:
        return search(), False
    except SearchInterrupted as stopped:
        return stopped.found, True


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
