"""Submissions checked: a row of a table for each, whatever it does."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.files.file_outcome import GradientRow
from chainrule.gradcheck.folder.entries import Submission
from chainrule.gradcheck.folder.main_files import MainFile, main_files
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.sandbox.remote import UserError
from chainrule.text import json_values

RowOutcome = Literal["right", "suspect", "wrong", "not checked", "did not run", "left out"]


@dataclass(frozen=True)
class SubmissionRow:
    """What came of one submission, or of one of its programs.

    Attributes:
        submission: its name; where it has several programs, with the path of this one, and where this has several
            gradients, with the one that is meant.
        file: its main file.
        outcome: right, suspect, wrong; not checked: one gradient of several could not be, or not whole; did not run:
            none could be; left out: there is nothing in it to check, or it is not written yet.
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
            return [row for program in programs for row in rows_of(program, conditions)]
    except CheckError as error:
        return [SubmissionRow(submission.name, "", "did not run", words=_flat(error))]
    except Exception as error:
        return [failed(submission.name, f"{type(error).__name__}: {error}")]


def failed(name: str, why: str) -> SubmissionRow:
    """The row of a submission that the checker cannot cope with; it must not cost the others theirs."""
    return SubmissionRow(name, "", "did not run", words=f"the checker failed on it: {why}", failed=True)


def rows_of(program: MainFile, conditions: Conditions) -> list[SubmissionRow]:
    """Check one program: a row for each of its gradients; whatever it does, there is one."""
    started = time.monotonic()
    try:
        found = check_file(program.path, conditions, program.root)
        alone = len(found.rows) == 1
        return [
            _judged(program.name if alone else f"{program.name}: {row.gradient}", program, row)
            for row in found.with_notes().rows
        ]
    except CheckError as error:
        return [_not_run(program.name, program, "did not run", error, time.monotonic() - started)]
    except Exception as error:
        row_of = failed(program.name, f"{type(error).__name__}: {error}")
        return [replace(row_of, file=program.path.name, seconds=round(time.monotonic() - started, 1))]


def _not_run(
    name: str, program: MainFile, outcome: RowOutcome, error: CheckError, seconds: float
) -> SubmissionRow:
    return SubmissionRow(
        name,
        program.path.name,
        outcome,
        words=_flat(error),
        seconds=round(seconds, 1),
        traceback=error.traceback if isinstance(error, UserError) else "",
        timed_out=isinstance(error, TimeUpError),
    )


def _flat(error: CheckError) -> str:
    return str(error).replace("\n", "; ")


def _judged(name: str, program: MainFile, row: GradientRow) -> SubmissionRow:
    if row.check is None:
        assert row.error is not None
        outcome: RowOutcome = "left out" if row.is_unwritten else "not checked"
        return _not_run(name, program, outcome, row.error, row.seconds)
    wrong = tuple(tensor.name for tensor in row.check.tensors if tensor.verdict != "right")
    judged = SubmissionRow(
        name,
        program.path.name,
        row.check.verdict,
        parameters=wrong,
        seconds=round(row.seconds, 1),
        check=row.check,
    )
    if row.check.right and not row.check.whole:
        return replace(judged, outcome="not checked", words=row.check.headline)
    if not row.check.causes:
        return judged
    first = row.check.causes[0]
    line = str(first.line) if first.line else ""
    return replace(judged, cause=first.name, line=line, words=first.evidence, repair=first.repair)
