"""The table of a folder: for a terminal, as CSV, as JSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from chainrule.cli.checked import record_of
from chainrule.cli.checked_table import lines, summary, to_csv, to_json
from chainrule.gradcheck.files.submissions import SubmissionRow

ROWS = [
    record_of(row, settled=True, path=Path(row.submission))
    for row in (
        SubmissionRow("ann.py", "ann.py", "right", seconds=0.5),
        SubmissionRow(
            "bob\n.py", "bob.py", "wrong", cause="wrong-sign", line="bob.py, line 3", words="the sign",
            parameters=("W", "b"),
        ),
        SubmissionRow("cara", "net.py", "did not run", words="w" * 200),
        SubmissionRow("notes.txt", "", "left out", words="notes.txt: is no file of Python"),
        SubmissionRow(r"caf\xe9.py", "caf\udce9.py", "right"),
    )
]  # fmt: skip


def test_a_terminal_shows_name_outcome_and_why():
    ann, bob, cara, notes, cafe = lines(ROWS)
    assert ann == "ann.py      right"
    assert bob == "bob .py     wrong        wrong-sign, bob.py, line 3"
    assert cara == f"cara        did not run  {'w' * 110}..."
    assert notes == "notes.txt   left out     notes.txt: is no file of Python"
    assert cafe == r"caf\xe9.py  right"


def test_csv_has_a_line_a_row():
    table = list(csv.DictReader(to_csv(ROWS).splitlines()))
    assert [row["outcome"] for row in table] == ["right", "wrong", "did not run", "left out", "right"]
    assert (table[1]["parameters"], table[1]["line"]) == ("W b", "bob.py, line 3")
    assert table[2]["words"] == "w" * 200


def test_json_holds_everything_but_what_is_ours():
    shown = json.loads(to_json(ROWS))
    assert [row["outcome"] for row in shown] == ["right", "wrong", "did not run", "left out", "right"]
    assert shown[1]["parameters"] == ["W", "b"]
    assert not {"page", "settled", "timed_out", "failed"} & shown[0].keys()


def test_the_summary_counts():
    assert summary(ROWS) == "2 right, 1 wrong, 1 did not run, 1 left out"
    assert summary(ROWS[:1]) == "1 right"
