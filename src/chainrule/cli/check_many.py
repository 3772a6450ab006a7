"""A folder or a zip of submissions: each checked by a worker process, and one table of all."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from chainrule.cli import checked
from chainrule.cli.progress import progress
from chainrule.errors import CheckError
from chainrule.files import safe_name, write_text
from chainrule.gradcheck import submissions
from chainrule.gradcheck.sandbox.confine import refusal
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import probe
from chainrule.gradcheck.submissions import SubmissionRow
from chainrule.report.run import open_run
from chainrule.text import csv_table, json_values, one_line
from chainrule.work.executors import results
from chainrule.work.processes import processes

_COLUMNS = ("submission", "file", "outcome", "cause", "line", "words", "repair", "parameters", "seconds")
_LONGEST_WORDS = 110


@dataclass(frozen=True)
class FolderCheck:
    """A folder or a zip to check, and the options."""

    target: Path
    limits: Limits
    seed: int
    trust_code: bool
    jobs: int | None
    out: Path | None
    json: bool
    csv: bool
    quiet: bool


def run(request: FolderCheck) -> int:
    """Check all, write the table, print it; 0 when all are right, else 1.

    Raises:
        CheckError: there is nothing to check, or this system cannot confine it.
        StoreError: the table cannot be written.
    """
    if not request.trust_code and (missing := probe()):
        raise CheckError(refusal(missing))
    with tempfile.TemporaryDirectory(prefix="chainrule-") as private:
        target = request.target
        handed_in = (
            submissions.submissions(target)
            if target.is_dir()
            else submissions.unpacked(target, Path(private))
        )
        rows = _checked(handed_in, request)
    out = request.out or Path("runs") / f"check-{safe_name(target.resolve().name)}"
    table, records = to_csv(rows), to_json(rows)
    write_text(out / "table.csv", table)
    write_text(out / "table.json", records)
    checked.keep_files([checked.record_of(row) for row in rows], out)
    page = checked.write_page(open_run(out), request.quiet)
    if request.json or request.csv:
        typer.echo(records if request.json else table, nl=False)
    else:
        typer.echo("\n".join([*_lines(rows), "", _summary(rows), f"table: {out / 'table.csv'}"]))
        if page:
            typer.echo(f"page: {page}")
    return 0 if all(row.outcome == "right" for row in rows) else 1


def _checked(handed_in: Sequence[submissions.Submission], request: FolderCheck) -> list[SubmissionRow]:
    """A row for each submission, in order."""
    untrusted = not request.trust_code
    check = functools.partial(submissions.row, limits=request.limits, seed=request.seed, untrusted=untrusted)
    rows: list[SubmissionRow] = []
    with (
        processes(request.jobs) as workers,
        progress(f"check {request.target.name}", request.quiet) as update,
    ):
        update(0, len(handed_in))
        for row in results(workers, check, handed_in, lambda: update(len(rows), len(handed_in))):
            rows.append(row)
            update(len(rows), len(handed_in))
    return sorted(rows, key=lambda row: row.submission)


def to_csv(rows: Sequence[SubmissionRow]) -> str:
    """The table, one line a submission."""
    cells = ([getattr(row, column) for column in _COLUMNS] for row in rows)
    return csv_table(
        _COLUMNS, [[" ".join(cell) if isinstance(cell, tuple) else cell for cell in line] for line in cells]
    )


def to_json(rows: Sequence[SubmissionRow]) -> str:
    """Everything that was found."""
    return json.dumps(json_values([row.as_dict() for row in rows]), indent=1, allow_nan=False) + "\n"


def _lines(rows: Sequence[SubmissionRow]) -> list[str]:
    """The table for a terminal: what it is called, what came of it, and why."""
    names = [one_line(row.submission) for row in rows]
    width, said = max(map(len, names)), max(len(row.outcome) for row in rows)
    lines = zip(names, rows, strict=True)
    return [f"{name:{width}}  {row.outcome:{said}}  {_why(row)}".rstrip() for name, row in lines]


def _why(row: SubmissionRow) -> str:
    if row.outcome == "did not run":
        return one_line(row.words, _LONGEST_WORDS)
    return one_line(", ".join(part for part in (row.cause, row.line) if part))


def _summary(rows: Sequence[SubmissionRow]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in submissions.counted(rows).items() if count)
