"""What checks found out, kept as records in a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from chainrule.cli import options
from chainrule.files import safe_name, write_text
from chainrule.gradcheck.computation import ComputationGraph
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.files.submissions import SubmissionRow
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.rendering import repair_headline
from chainrule.gradcheck.result import Cause, Line, Tensor
from chainrule.gradient_tables import measured
from chainrule.machine import environment
from chainrule.records.checked import (
    CheckedCause,
    CheckedComputation,
    CheckedFile,
    CheckedRepair,
    CheckedRow,
    CheckedTensor,
    CheckOutcome,
)
from chainrule.records.gradients import GradientChecks
from chainrule.report.folder import CHECKED_FILE, CHECKED_RECIPE
from chainrule.text import json_values

_LONGEST_NAME = 40
_AROUND = 3
"""Lines that are kept before and behind a wrong one."""


def record(file: str, check: Check, path: Path | None = None) -> CheckedFile:
    """A check as a record; with the lines around each wrong one, where ``path`` says where the file is."""
    return CheckedFile(
        file=file,
        headline=check.headline,
        outcome=check.verdict,
        tensors=[_tensor(tensor) for tensor in check.tensors],
        causes=[_cause(cause, path) for cause in check.causes],
        notes=list(check.told),
        scheme=check.scheme,
        computation=_computation(check.computation),
        repairs=[
            CheckedRepair(headline=repair_headline(repair, tied=number > 0), patch=repair.patch)
            for number, repair in enumerate(check.repairs)
        ],
        unrepaired=check.unrepaired,
        hints=list(check.hints),
        differences=measured(check),
    )


def records(path: Path, found: FileCheck) -> list[CheckedFile]:
    """A file as records, one for each of its gradients."""
    return [
        _of_gradient(path.name if len(found.rows) == 1 else f"{path.name}: {row.gradient}", row, path)
        for row in found.with_notes().rows
    ]


def _of_gradient(name: str, row: GradientRow, path: Path) -> CheckedFile:
    if row.check is not None:
        return record(name, row.check, path)
    outcome: CheckOutcome = "left out" if row.is_unwritten else "not checked"
    return _without_check(name, outcome, row.reason)


def record_of(row: SubmissionRow, settled: bool, path: Path) -> CheckedRow:
    """A row as a record, with what a page says of it; ``path`` is where the submission lies."""
    if row.check is not None:
        # A link could show lines of files that are none of the submission's.
        own = path.is_file() and not path.is_symlink()
        page = record(row.submission, row.check, path if own else None)
    else:
        page = _without_check(row.submission, row.outcome, row.words)
    shown = json_values(page.model_dump())
    return CheckedRow.model_validate({**row.as_dict(), "settled": settled, "page": shown})


def _without_check(name: str, outcome: CheckOutcome, why: str) -> CheckedFile:
    return CheckedFile(file=name, headline=why, outcome=outcome, tensors=[], causes=[], notes=[], scheme="")


def _tensor(tensor: Tensor) -> CheckedTensor:
    return CheckedTensor(
        name=tensor.name,
        shape=[int(side) for side in tensor.shape],
        verdict=tensor.verdict,
        difference=json_values(tensor.difference),
        largest=json_values(tensor.largest),
        zero=bool(tensor.zero),
        checked=int(tensor.checked),
        kinks=int(tensor.kinks),
        coverage=tensor.coverage,
    )


def _cause(cause: Cause, path: Path | None) -> CheckedCause:
    first, code = _around(cause.line, path)
    return CheckedCause(
        name=cause.name,
        tensors=list(cause.tensors),
        sure=float(cause.sure),
        evidence=cause.evidence,
        repair=cause.repair,
        place=str(cause.line) if cause.line else "",
        text=cause.line.text.strip() if cause.line else "",
        code=code,
        first=first,
        number=cause.line.number if cause.line else 0,
    )


def _around(line: Line | None, path: Path | None) -> tuple[int, list[str]]:
    """The number of the first line around a wrong one, and their text; none where the file at ``path`` is not where it
    stands: in another file, or in a notebook, whose cells count lines of their own."""
    if line is None or path is None or line.cell is not None or line.file != path.name:
        return 0, []
    source = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if line.text.strip() not in (text.strip() for text in source[line.number - 1 : line.number]):
        return 0, []
    first = max(1, line.number - _AROUND)
    return first, source[first - 1 : line.number + _AROUND]


def _computation(graph: ComputationGraph | None) -> CheckedComputation | None:
    if graph is None:
        return None
    # As JSON, which knows neither tuples nor what is no number.
    return CheckedComputation.model_validate_json(json.dumps(json_values(asdict(graph))))


def keep_recipe(checks: GradientChecks, out: Path) -> None:
    """Keep a recipe's checks in a folder."""
    kept = checks.model_copy(update={"environment": environment.describe(options.command_line())})
    write_text(out / "checks" / f"{CHECKED_RECIPE}{safe_name(checks.recipe)}.json", kept.to_json())


def keep_files(files: Sequence[CheckedFile], out: Path) -> None:
    """Keep checked programs in a folder, in their order and in the place of those that it held."""
    here = environment.describe(options.command_line())
    names = []
    for number, file in enumerate(files, start=1):
        # Numbered, as two names may become one.
        names.append(f"{CHECKED_FILE}{number:05}-{safe_name(file.file)[:_LONGEST_NAME]}.json")
        kept = file.model_copy(update={"environment": here})
        write_text(out / "checks" / names[-1], kept.to_json())
    for path in (out / "checks").glob(f"{CHECKED_FILE}*.json"):
        if path.name not in names:
            path.unlink()
