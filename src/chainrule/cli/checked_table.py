"""The table of a folder of submissions: for a terminal, as CSV, as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import get_args

from chainrule.gradcheck.files.submissions import RowOutcome
from chainrule.records.checked import CheckedRow
from chainrule.text import csv_table, one_line

_COLUMNS = ("submission", "file", "outcome", "cause", "line", "words", "repair", "parameters", "seconds")
_NOT_SHOWN = {"page", "settled", "timed_out", "failed"}
_LONGEST_WORDS = 110


def to_csv(rows: Sequence[CheckedRow]) -> str:
    """The table, one line a row."""
    cells = ([getattr(row, column) for column in _COLUMNS] for row in rows)
    return csv_table(
        _COLUMNS, [[" ".join(cell) if isinstance(cell, list) else cell for cell in line] for line in cells]
    )


def to_json(rows: Sequence[CheckedRow]) -> str:
    """Everything that was found."""
    shown = [row.model_dump(mode="json", exclude=_NOT_SHOWN) for row in rows]
    return json.dumps(shown, indent=1, allow_nan=False) + "\n"


def lines(rows: Sequence[CheckedRow]) -> list[str]:
    """The table for a terminal: what it is called, what came of it, and why."""
    names = [one_line(row.submission) for row in rows]
    width, said = max(map(len, names)), max(len(row.outcome) for row in rows)
    pairs = zip(names, rows, strict=True)
    return [f"{name:{width}}  {row.outcome:{said}}  {_why(row)}".rstrip() for name, row in pairs]


def _why(row: CheckedRow) -> str:
    if row.outcome in ("not checked", "did not run", "left out"):
        return one_line(row.words, _LONGEST_WORDS)
    return one_line(", ".join(part for part in (row.cause, row.line) if part))


def summary(rows: Sequence[CheckedRow]) -> str:
    """How many rows there are of each outcome."""
    counts = Counter(row.outcome for row in rows)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in get_args(RowOutcome) if counts[outcome])
