"""Files with a single gradient, checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.outcome import Check


def check_only(path: Path, conditions: Conditions) -> tuple[Check, str]:
    """The outcome of a file's only gradient, with the notes on the file, and the adapter that was assumed."""
    found = check_file(path, conditions)
    (row,) = found.rows
    assert row.check is not None
    return replace(row.check, notes=(*row.check.notes, *found.notes)), row.adapter
