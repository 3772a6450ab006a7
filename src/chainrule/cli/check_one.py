"""``chainrule check`` of one file: what was found printed, its page written, its repair written into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import typer

from chainrule.cli.endings import COULD_NOT, NO, YES
from chainrule.cli.progress import once_begun
from chainrule.errors import CheckError
from chainrule.gradcheck.files import written_repairs
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.files.file_outcome import FileCheck
from chainrule.gradcheck.hints import HintLevel
from chainrule.gradcheck.program import source
from chainrule.gradcheck.sandbox.remote import UserError
from chainrule.text import json_values, one_line


class Shown(NamedTuple):
    """What is done with the outcome of a file: how it is printed, where its page goes, whether a repair is written; and
    the level of hints, if no more is to be said."""

    json: bool
    quiet: bool
    out: Path | None
    write: bool
    hints: HintLevel | None


def run(path: Path, conditions: Conditions, root: Path, how: Shown) -> int:
    """Check one file, and show what was found.

    Raises:
        CheckError: it could not be checked, or a repair could not be written.
    """
    before = source.content(path) if how.write else b""
    try:
        with once_begun(one_line(f"{path.name}: looking for a repair"), how.quiet) as show:
            found = check_file(path, conditions, root, show)
    except CheckError as error:
        if how.json:
            shown = {"file": str(path), "verdict": "did not run", "problems": list(error.problems)}
            typer.echo(json.dumps(shown, indent=1))
        if isinstance(error, UserError):
            typer.echo(error.traceback.rstrip(), err=True)
        raise
    found = found.without_notes() if how.quiet else found
    found = found if how.hints is None else found.hinted(how.hints)
    if how.json:
        typer.echo(json.dumps(json_values({"file": str(path), **found.as_dict()}), indent=1))
    else:
        typer.echo(_coloured(found))
        if any(row.adapter for row in found.rows) and not how.quiet:
            typer.echo(f"note: to change what was assumed: chainrule check --init {path}")
    if how.out is not None:
        from chainrule.cli import checked, pages
        from chainrule.report.run import open_run

        checked.keep_files(checked.records(path, found), how.out)
        page = pages.write_page(open_run(how.out), how.quiet)
        if page and not how.json:
            typer.echo(f"page: {page}")
    if found.interrupted:
        raise KeyboardInterrupt("what was verified until then is shown; nothing was written")
    if how.write:
        _write_repairs(path, found, before, how)
    return NO if found.verdict != "right" else YES if found.whole else COULD_NOT


def _coloured(found: FileCheck) -> str:
    """The outcome in words, diffs in colour; where that is no terminal, it is printed without."""
    patches = (repair.patch for outcome in found.checked for repair in outcome.repairs)
    of_patches = {line for patch in patches for line in patch.splitlines()}
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = (
        typer.style(line, fg=colours[line[0]]) if line in of_patches and line[:1] in colours else line
        for line in str(found).splitlines()
    )
    return "\n".join(lines)


def _write_repairs(path: Path, found: FileCheck, before: bytes, how: Shown) -> None:
    """Write the first repair of each gradient into the file."""
    repairs = [outcome.repairs[0] for outcome in found.checked if outcome.repairs]
    written = written_repairs.write(path, repairs, before)
    said = [f"{file}: repaired; the original is kept as {kept.name}" for file, kept in written]
    for line in said or [f"{path}: there is no repair to write"]:
        if not how.quiet:
            typer.echo(f"note: {line}", err=True)
