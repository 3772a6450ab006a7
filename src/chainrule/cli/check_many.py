"""A folder or a zip of submissions: each checked by a worker process, and one table of all.

Every submission gets its outcome first, within a short time; then causes and lines are looked for, and those that were
not done get all the time that there is.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from chainrule.cli import checked, pages
from chainrule.cli.checked_rows import CheckedRows
from chainrule.cli.checked_table import lines, summary, to_csv, to_json
from chainrule.cli.endings import COULD_NOT, NO, YES
from chainrule.cli.notices import notes
from chainrule.cli.progress import progress
from chainrule.cli.stages import Stages
from chainrule.errors import CheckError
from chainrule.files import safe_name, write_text
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.submissions import failed, rows
from chainrule.gradcheck.folder.entries import Submission, submissions
from chainrule.gradcheck.sandbox.confine import refusal
from chainrule.gradcheck.sandbox.remote import probe
from chainrule.gradcheck.sandbox.unpacking import Bounds, unpack
from chainrule.machine.slowness import slowness
from chainrule.records.checked import CheckedRow
from chainrule.report.run import open_run
from chainrule.text import one_line
from chainrule.work import lock, scratch
from chainrule.work.executors import Executor, Failure
from chainrule.work.processes import processes

_AGAIN = 2
"""How many times as long a look for causes and lines takes as one at the outcome."""

FIRST_SECONDS = 10.0
"""How long each may run before all others have had their turn."""

_DRAWN_S, _PAGES = 0.02, 25
"""Seconds that the page takes for each submission, and how many of them the rest of it is worth, on one core of an AMD
EPYC."""

_BOUNDS = Bounds(1024 * 2**20, 20_000)
"""Of a zip of submissions, all together."""


@dataclass(frozen=True)
class FolderCheck:
    """A folder or a zip to check, and the options."""

    target: Path
    conditions: Conditions
    jobs: int | None
    out: Path | None
    json: bool
    csv: bool
    quiet: bool

    @property
    def folder(self) -> Path:
        """Where the table goes."""
        return self.out or Path("runs") / f"check-{safe_name(self.target.resolve().name)}"


def run(request: FolderCheck) -> int:
    """Check all that is not known from before, write the table, print it.

    Returns:
        0 when all are right, 1 when one is wrong or suspect, else 2.

    Raises:
        CheckError: there is nothing to check, or this system cannot confine it.
        StoreError: the table cannot be written.
    """
    if request.conditions.untrusted and (missing := probe()):
        raise CheckError(refusal(missing))
    scratch.sweep()
    with scratch.folder() as private:
        submitted = _submitted(request.target, private / "all")
        with lock.held(request.folder):
            kept = CheckedRows(request.folder, submitted, request.conditions)
            with progress(
                one_line(f"check {request.target.resolve().name}"), request.quiet, lambda: _so_far(kept)
            ) as update:
                stages = Stages(update, _DRAWN_S * (_PAGES + len(submitted)) * slowness())
                try:
                    _check(kept, request, private, stages)
                except KeyboardInterrupt:
                    raise KeyboardInterrupt(_how_to_go_on(kept, request.folder)) from None
                page = _written(kept.rows, request, stages.rest)
            return _told(kept.rows, request, page)


def _submitted(target: Path, private: Path) -> list[Submission]:
    if target.is_dir():
        return submissions(target)
    unpack(target, private, _BOUNDS)
    private.mkdir(exist_ok=True)
    return submissions(private, target)


def _how_to_go_on(kept: CheckedRows, out: Path) -> str:
    if not kept.known:
        return "no submission had an outcome yet"
    count = f"{len(kept.known)} of {len(kept.submitted)} submissions have an outcome, kept"
    return f"{count} in {out}: the same command goes on from there"


def _so_far(kept: CheckedRows) -> str:
    """Outcomes so far; one that was given too little time has none yet."""
    waiting = [row for row in kept.rows if row.timed_out and not row.settled]
    counts = [summary([row for row in kept.rows if row not in waiting])]
    counts += [f"{len(waiting)} given more time later"] if waiting else []
    return "; " + ", ".join(count for count in counts if count) if kept.known else ""


def _check(kept: CheckedRows, request: FolderCheck, private: Path, stages: Stages) -> None:
    """Find out all that is not kept: outcomes first, then causes, and last those that take long."""
    conditions = request.conditions
    short = replace(conditions.limits, seconds=min(FIRST_SECONDS, conditions.limits.seconds))
    if kept.known:
        notes([f"{len(kept.submitted)} submissions, {len(kept.known)} kept from before"], request.quiet)
    with processes(request.jobs) as workers:
        new = [submission for submission in kept.submitted if submission not in kept.known]
        # What is not looked into takes no time, and tells nothing of how long the others take.
        for submission in new:
            if submission.problem:
                kept.keep(submission, rows(submission, conditions, private), conditions)
        new = [submission for submission in new if not submission.problem]
        # Names that follow each other are often alike: in any order the first ones tell how long the others take.
        random.Random(0).shuffle(new)
        work = _Work(kept, workers, private, stages, set(new), conditions.limits.seconds)
        work.do(new, replace(conditions, limits=short, explained=False))
        _write_table(kept.rows, request.folder)
        work.do(sorted(kept.unsettled, key=kept.timed_out), conditions)


@dataclass
class _Work:
    """What worker processes do, kept as it is done; ``done`` is counted in first looks.

    The ``new`` submissions are looked at once, and again where causes are to be found: as many as among those that were
    looked at, and those that an earlier run left so. One that ran for all its time is taken to run for all ``seconds``
    the second time. First looks took workers the seconds ``spent``.
    """

    kept: CheckedRows
    workers: Executor
    private: Path
    stages: Stages
    new: set[Submission]
    seconds: float
    done: float = 0.0
    looked_at: int = 0
    spent: float = 0.0
    clock: Callable[[], float] = time.monotonic

    def do(self, submitted: Sequence[Submission], conditions: Conditions) -> None:
        """Check these."""
        if not submitted:
            return
        function = functools.partial(rows, conditions=conditions, private=self.private)
        began = self.clock()

        def tell() -> None:
            self.stages.work(self.done, self._total())

        tell()
        for number, result in self.workers.run(function, submitted, tell):
            submission = submitted[number]
            first = submission not in self.kept.known
            self.done += 1 if first else self._again(submission)
            self.looked_at += first
            found = [failed(submission.name, result.why)] if isinstance(result, Failure) else result
            if first:
                self.spent = (self.clock() - began) * self.workers.workers
            self.kept.keep(submission, found, conditions)
            tell()

    def _total(self) -> float:
        """All that there is to do: what was done and what is left, as far as that can be told."""
        left = {True: 0.0, False: 0.0}
        for submission in self.kept.unsettled:
            left[submission in self.new] += self._again(submission)
        if self.looked_at == len(self.new):
            return self.done + left[True] + left[False]
        more = left[True] * len(self.new) / self.looked_at if self.looked_at else _AGAIN * len(self.new)
        return len(self.new) + more + left[False]

    def _again(self, submission: Submission) -> float:
        """How many first looks the second one at a submission takes."""
        if not self.kept.timed_out(submission):
            return _AGAIN
        return max(_AGAIN, self.seconds * self.looked_at / self.spent) if self.spent else _AGAIN


def _write_table(rows: Sequence[CheckedRow], out: Path) -> None:
    write_text(out / "table.csv", to_csv(rows))
    write_text(out / "table.json", to_json(rows))


def _written(rows: Sequence[CheckedRow], request: FolderCheck, share: Callable[[float], None]) -> Path | None:
    """Write all; the page, where what draws it is installed."""
    out = request.folder
    _write_table(rows, out)
    checked.keep_files([row.page for row in rows], out)
    return pages.write_page(open_run(out), request.quiet, share)


def _told(rows: Sequence[CheckedRow], request: FolderCheck, page: Path | None) -> int:
    """Print all; the exit code."""
    out = request.folder
    if request.json or request.csv:
        typer.echo(to_json(rows) if request.json else to_csv(rows), nl=False)
    else:
        typer.echo("\n".join([*lines(rows), "", summary(rows), f"table: {out / 'table.csv'}"]))
        if page:
            typer.echo(f"page: {page}")
    outcomes = {row.outcome for row in rows}
    if outcomes & {"wrong", "suspect"}:
        return NO
    return COULD_NOT if outcomes & {"not checked", "did not run"} else YES
