"""Submissions checked: a row of a table for each, whatever it does."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.folder.entries import Submission
from chainrule.gradcheck.folder.main_files import MainFile, main_files
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.against import Against
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from chainrule.gradcheck.sandbox.staging import sources_root
from chainrule.text import json_values

RowOutcome = Literal["right", "suspect", "wrong", "did not run", "left out"]


@dataclass(frozen=True)
class Conditions:
    """What the checks of a folder have in common.

    Attributes:
        limits: what each may take.
        seed: of all that is drawn.
        untrusted: run only what this system can confine.
        explained: look for causes and lines; without, the outcome is the same, and found sooner.
        against: the file whose cost, parameters and data count in the place of their own.
    """

    limits: Limits
    seed: int = 0
    untrusted: bool = True
    explained: bool = True
    against: Path | None = None


@dataclass(frozen=True)
class SubmissionRow:
    """What came of one submission, or of one of its programs.

    Attributes:
        submission: its name; where it has several programs, with the path of this one.
        file: its main file.
        outcome: right, suspect, wrong, did not run; left out: nothing in it could be checked.
        cause: the first cause's name; empty when it is right or did not run.
        line: where the mistake is, if it was found.
        words: what was measured, or why it did not run.
        repair: what to change.
        parameters: whose gradients are wrong.
        seconds: that the check took.
        check: everything that was found; None when it did not run.
        traceback: of the exception that ended it.
        timed_out: whether it ran for all the time that it was given.
        failed: whether the checker could not cope with it.
    """

    submission: str
    file: str
    outcome: RowOutcome
    cause: str = ""
    line: str = ""
    words: str = ""
    repair: str = ""
    parameters: tuple[str, ...] = ()
    seconds: float = 0.0
    check: Check | None = None
    traceback: str = ""
    timed_out: bool = False
    failed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        check = self.check.as_dict() if self.check is not None else None
        return dict(json_values(asdict(self) | {"check": check}))


def check_file(path: Path, conditions: Conditions, root: Path | None = None) -> tuple[Check, str]:
    """Check one file in a process of its own; the adapter too, if one was assumed.

    ``root`` is that of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`.

    Raises:
        CheckError: it cannot be checked.
    """
    limits, seed = conditions.limits, conditions.seed
    remote = RemoteProgram(path, limits, seed, root=root, untrusted=conditions.untrusted)
    with remote as program, _named(path):
        if conditions.against is None:
            outcome = check(program, seed=seed, explained=conditions.explained)
        else:
            outcome = _against(conditions.against, program, conditions)
    return replace(outcome, notes=(*remote.notes, *outcome.notes)), remote.adapter


def _against(file: Path, program: Program, conditions: Conditions) -> Check:
    """Check the gradient of a program against a reference, which runs in a process of its own."""
    limits, seed = conditions.limits, conditions.seed
    remote = RemoteProgram(file, limits, seed, root=sources_root(file.resolve()))
    with remote as reference:
        both = Against(reference, program, file.name)
        outcome = check(both, seed=seed, explained=conditions.explained, cost_is_given=True)
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


def rows(submission: Submission, conditions: Conditions, private: Path) -> list[SubmissionRow]:
    """Check a submission: a row for each of its programs, one where there is none, whatever it does.

    ``private`` is a folder for what is unpacked, which does not stay.
    """
    if submission.problem:
        outcome: RowOutcome = "left out" if submission.kind == "other" else "did not run"
        return [SubmissionRow(submission.name, "", outcome, words=submission.problem)]
    try:
        with tempfile.TemporaryDirectory(dir=private) as folder:
            programs = main_files(submission, Path(folder) / "files")
            return [row(program, conditions) for program in programs]
    except CheckError as error:
        return [SubmissionRow(submission.name, "", "did not run", words=_flat(error))]
    except Exception as error:
        return [failed(submission.name, f"{type(error).__name__}: {error}")]


def failed(name: str, why: str) -> SubmissionRow:
    """The row of a submission that the checker cannot cope with; it must not cost the others theirs."""
    return SubmissionRow(name, "", "did not run", words=f"the checker failed on it: {why}", failed=True)


def row(program: MainFile, conditions: Conditions) -> SubmissionRow:
    """Check one program; whatever it does, there is a row."""
    started = time.monotonic()
    try:
        outcome, _ = check_file(program.path, conditions, program.root)
        return _judged(program, outcome, time.monotonic() - started)
    except CheckError as error:
        seconds = time.monotonic() - started
        return SubmissionRow(
            program.name,
            program.path.name,
            "did not run",
            words=_flat(error),
            seconds=round(seconds, 1),
            traceback=error.traceback if isinstance(error, UserError) else "",
            timed_out=seconds >= conditions.limits.seconds,
        )
    except Exception as error:
        row_of = failed(program.name, f"{type(error).__name__}: {error}")
        return replace(row_of, file=program.path.name, seconds=round(time.monotonic() - started, 1))


def _flat(error: CheckError) -> str:
    return str(error).replace("\n", "; ")


def _judged(program: MainFile, outcome: Check, seconds: float) -> SubmissionRow:
    wrong = tuple(tensor.name for tensor in outcome.tensors if tensor.verdict != "right")
    first = outcome.causes[0] if outcome.causes else None
    judged = SubmissionRow(
        program.name,
        program.path.name,
        outcome.verdict,
        parameters=wrong,
        seconds=round(seconds, 1),
        check=outcome,
    )
    if first is None:
        return judged
    line = str(first.line) if first.line else ""
    return replace(judged, cause=first.name, line=line, words=first.evidence, repair=first.repair)
