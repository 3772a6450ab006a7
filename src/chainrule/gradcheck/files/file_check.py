"""One file checked: a row for each of its gradients."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.diagnosis.judgement import KeptJudgement
from chainrule.gradcheck.diagnosis.undefined_name import undefined
from chainrule.gradcheck.files.appended_adapters import settings_of
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.files.gradient_source import GradientSource, chosen, doubt, first_that_runs
from chainrule.gradcheck.files.other_variants import with_variants
from chainrule.gradcheck.files.patched_copies import PatchedCopies, Progress
from chainrule.gradcheck.files.verdicts_first import rows_explained
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.against import Against
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.recognition.own_failures import failed_on
from chainrule.gradcheck.repair.search import Verifier
from chainrule.gradcheck.repair.told_changes import without_settings
from chainrule.gradcheck.result import Cause
from chainrule.gradcheck.sandbox.project import project_root
from chainrule.gradcheck.sandbox.remote import RemoteProgram

_OF_PASSES = "what its forward pass gives times the numbers that it was given"
"""The cost of a backward pass."""

Verifiers = Callable[[int, int | None], Verifier | None]
"""What verifies repairs of a gradient by its place, and of one of its variants by the place of that."""


def _unseen(done: int, total: int) -> None:
    """Nobody is shown how far a search is."""


def check_file(
    path: Path, conditions: Conditions, root: Path | None = None, show: Progress = _unseen
) -> FileCheck:
    """Check one file in a process of its own.

    ``root`` is that of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`; ``show`` is told how far the search
    of a repair is.

    Raises:
        CheckError: none of its gradients can be checked.
    """
    limits, seed = conditions.limits, conditions.seed
    remote = RemoteProgram(path, limits, seed, root=root, untrusted=conditions.untrusted)
    with remote as program:
        copies = PatchedCopies(remote, conditions, _outcome, show)
        verifiers = copies.of_gradient if conditions.repaired else None
        outcome = rows_of_all(remote, program, conditions, verifiers=verifiers)
    return replace(outcome, notes=(*remote.notes, *outcome.notes))


def rows_of_all(
    source: GradientSource,
    program: Program,
    conditions: Conditions,
    places: Sequence[int] | None = None,
    verifiers: Verifiers | None = None,
) -> FileCheck:
    """A row for each gradient of a file.

    Args:
        source: the file.
        program: the gradient of it that was chosen last.
        conditions: of the checks.
        places: of the gradients that are meant; None: all of them.
        verifiers: what verifies repairs; None where none are looked for.

    Raises:
        CheckError: none can be checked.
    """
    meant = chosen(source, conditions) if places is None or conditions.pick else places
    rows = tuple(up_to_interruption(_rows(source, program, meant, conditions, verifiers)))
    outcome = FileCheck(rows, tuple(_left_aside(source, rows)))
    if outcome.checked:
        return outcome
    if len(rows) == 1 and rows[0].error is not None:
        raise rows[0].error
    kind = TimeUpError if any(isinstance(row.error, TimeUpError) for row in rows) else CheckError
    name = f"{source.path.name}: "
    raise kind(*(f"{name}{row.gradient}: {row.reason.removeprefix(name)}" for row in rows), names_file=True)


def _rows(
    source: GradientSource,
    program: Program,
    places: Iterable[int],
    conditions: Conditions,
    verifiers: Verifiers | None,
) -> Iterator[GradientRow]:
    brief = replace(conditions, explained=False)
    kept: defaultdict[int, KeptJudgement] = defaultdict(KeptJudgement)

    def verdict(place: int) -> GradientRow:
        return _row(source, program, place, brief, None, (), kept[place])

    def explained(place: int, found: Sequence[Cause]) -> GradientRow:
        return _row(source, program, place, conditions, verifiers, found, kept[place])

    judged = verdict if conditions.explained else None
    return rows_explained(list(places), explained, judged, source.take_turn)


def up_to_interruption(rows: Iterable[GradientRow]) -> Iterator[GradientRow]:
    """Rows up to the one at which the search was interrupted, if it was: what was asked then gives no more answers."""
    for row in rows:
        yield row
        if row.check is not None and row.check.interrupted:
            return


def _left_aside(source: GradientSource, rows: Sequence[GradientRow]) -> list[str]:
    """What of a file has no row, as it was not asked for."""
    numbers = {row.number for row in rows}
    others = [g.gradient for number, g in enumerate(source.gradients, start=1) if number not in numbers]
    return [f"not asked for: {', '.join(others)}"] if others else []


def _row(
    source: GradientSource,
    program: Program,
    place: int,
    conditions: Conditions,
    verifiers: Verifiers | None,
    found: Sequence[Cause],
    kept: KeptJudgement | None = None,
) -> GradientRow:
    """One row; a failure of ours costs the causes, else this row, and nothing beside it."""
    recognised = source.gradients[place]
    about = (place + 1, recognised.gradient, recognised.cost, recognised.text)
    row = GradientRow(*about, is_unwritten=recognised.is_unwritten)
    started = time.monotonic()
    try:
        with _named(source.path):
            if recognised.line is not None:
                return replace(row, check=undefined(recognised.undefined, recognised.line))
            if recognised.doubt and not (recognised.runs and conditions.pick):
                raise CheckError(doubt(source, place))
            source.choose(place)
            outcome = _outcome(source, program, place, conditions, verifiers, found, kept)
            outcome = replace(
                outcome,
                causes=without_settings(
                    outcome.causes, lambda: [each.number for each in settings_of(source.path, recognised)]
                ),
            )
            return replace(row, check=outcome, seconds=time.monotonic() - started)
    except CheckError as error:
        return replace(row, error=error, seconds=time.monotonic() - started)
    except Exception as error:
        why = failed_on(error)
    if not conditions.explained:
        failure = CheckError(f"{source.path.name}: {why}", names_file=True)
        return replace(row, error=failure, seconds=time.monotonic() - started)
    plain = _row(source, program, place, replace(conditions, explained=False), None, ())
    if plain.check is None:
        return plain
    notes = (*plain.check.notes, f"its causes were not looked for: {why}")
    return replace(plain, check=replace(plain.check, notes=notes))


def _outcome(
    source: GradientSource,
    program: Program,
    place: int,
    conditions: Conditions,
    verifiers: Verifiers | None = None,
    found: Sequence[Cause] = (),
    kept: KeptJudgement | None = None,
) -> Check:
    """The outcome of the gradient that has been chosen; ``found``: causes in those before it; ``kept``: how it
    was judged before."""
    verify = verifiers(place, None) if verifiers else None
    if conditions.against is not None:
        return _against(conditions.against, program, conditions, verify)
    recognised = source.gradients[place]
    outcome = _checked(program, conditions, verify, of_parts=found, kept=kept)
    outcome = replace(
        outcome,
        notes=(*recognised.notes, *outcome.notes),
        unchecked=tuple(recognised.unchecked),
        assumed_cost=recognised.is_of_usual_cost,
    )
    if not outcome.right and recognised.is_assumed:
        raise CheckError(
            f"{recognised.gradient}: it is not the gradient of {recognised.cost or _OF_PASSES} wherever it was "
            f"compared, which may not be the cost that is meant; {source.caller.adapter}"
        )
    if not outcome.right:
        return outcome

    def of_variant(number: int) -> Check:
        return _checked(program, conditions, verifiers(place, number) if verifiers else None)

    return with_variants(source, program, place, outcome, conditions.seed, of_variant)


def _checked(program: Program, conditions: Conditions, verify: Verifier | None, **given: Any) -> Check:
    return check(
        program,
        seed=conditions.seed,
        explained=conditions.explained,
        drawn=conditions.drawn,
        measured=conditions.drawn,
        verify=verify,
        **given,
    )


def _against(file: Path, program: Program, conditions: Conditions, verify: Verifier | None) -> Check:
    """Check the gradient of a program against a reference, which runs in a process of its own."""
    limits, seed = conditions.limits, conditions.seed
    remote = RemoteProgram(file, limits, seed, root=project_root(file.resolve()))
    with remote as reference:
        if len(remote.gradients) > 1:
            remote.choose(first_that_runs(remote))
        both = Against(reference, program, file.name)
        outcome = _checked(both, conditions, verify, cost_is_given=True)
    said = f"cost, parameters and data are those of {file.name}"
    told = (f"{file.name}: {note}" for note in remote.notes)
    return replace(outcome, notes=(said, *told, *outcome.notes))


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's name in front of what is found to be wrong with it."""
    try:
        yield
    except CheckError as error:
        if error.names_file:
            raise
        raise CheckError(*(f"{path.name}: {line}" for line in error.problems), names_file=True) from error
