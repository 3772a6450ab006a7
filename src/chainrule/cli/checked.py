"""What checks found out, kept as records in a folder, with a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chainrule.cli import notices, options
from chainrule.errors import MissingExtraError
from chainrule.files import safe_name, write_text
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Cause, Tensor
from chainrule.gradcheck.submissions import SubmissionRow
from chainrule.machine import environment
from chainrule.records.checked import CheckedCause, CheckedFile, CheckedTensor
from chainrule.records.gradients import GradientChecks
from chainrule.report.folder import CHECKED_FILE, CHECKED_RECIPE
from chainrule.report.run import Run
from chainrule.text import json_values


def record(file: str, check: Check) -> CheckedFile:
    """A check as a record."""
    return CheckedFile(
        file=file,
        headline=check.headline,
        outcome=check.verdict,
        tensors=[_tensor(tensor) for tensor in check.tensors],
        causes=[_cause(cause) for cause in check.causes],
        notes=list(check.notes),
        scheme=check.scheme,
    )


def record_of(row: SubmissionRow) -> CheckedFile:
    """One submission as a record, also where it did not run."""
    if row.check is not None:
        return record(row.submission, row.check)
    empty: dict[str, list[str]] = {"tensors": [], "causes": [], "notes": []}
    return CheckedFile.model_validate(
        {"file": row.submission, "headline": row.words, "outcome": "did not run", "scheme": "", **empty}
    )


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


def _cause(cause: Cause) -> CheckedCause:
    return CheckedCause(
        name=cause.name,
        tensors=list(cause.tensors),
        sure=float(cause.sure),
        evidence=cause.evidence,
        repair=cause.repair,
        place=str(cause.line) if cause.line else "",
        text=cause.line.text.strip() if cause.line else "",
    )


def keep_recipe(checks: GradientChecks, out: Path) -> None:
    """Keep a recipe's checks in a folder."""
    kept = checks.model_copy(update={"environment": environment.describe(options.command_line())})
    write_text(out / "checks" / f"{CHECKED_RECIPE}{safe_name(checks.recipe)}.json", kept.to_json())


def keep_files(files: Sequence[CheckedFile], out: Path) -> None:
    """Keep checked programs in a folder, in the place of those that it held."""
    names = [f"{CHECKED_FILE}{safe_name(file.file)}.json" for file in files]
    here = environment.describe(options.command_line())
    for name, file in zip(names, files, strict=True):
        write_text(out / "checks" / name, file.model_copy(update={"environment": here}).to_json())
    for stale in set((out / "checks").glob(f"{CHECKED_FILE}*.json")) - {
        out / "checks" / name for name in names
    }:
        stale.unlink()


def write_page(run: Run, quiet: bool) -> Path | None:
    """Write a folder's page into it; None, and a note, where what draws it is not installed."""
    try:
        return run.write_page()
    except MissingExtraError as error:
        notices.notes([str(error)], quiet)
        return None
