"""Tables of text on a terminal."""

from __future__ import annotations

import io
from typing import Any, get_args

import pytest
from rich.console import Console

from chainrule.records.gradients import GradientVerdict
from chainrule.report import check_tables, tables
from chainrule.report.table import TextTable
from chainrule.report.terminal import COLOURS, rich_table, wide_console

TABLE = TextTable(
    "c",
    [["setting", "mean", "verdict"], ["", "of 3", ""]],
    [["a [b]", "0.5", "wrong"], ["wrong", "0.25", ""], ["", "12", "right"]],
    published={1},
)


def printed(table: TextTable, *arguments: Any, width: int = 80, colours: bool = False, **options: Any) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colours, color_system="standard" if colours else None
    )
    console.print(rich_table(table, *arguments, **options))
    return console.file.getvalue()


def test_words_stand_left_numbers_right_below_a_rule():
    assert [line.rstrip() for line in printed(TABLE, "wrl").splitlines()] == [
        "              mean",
        "setting       of 3  verdict",
        "────────────────────────────",
        "a [b]          0.5  wrong",
        "  wrong       0.25",
        "                12  right",
    ]


def test_markup_of_a_name_is_text():
    assert "a [b]" in printed(TABLE)


def test_published_lines_are_indented_and_dim():
    plain, coloured = printed(TABLE), printed(TABLE, colours=True)
    (line,) = [line for line in plain.splitlines() if "0.25" in line]
    assert line.startswith("  wrong ")
    (line,) = [line for line in coloured.splitlines() if "0.25" in line]
    assert "\x1b[2m" in line
    assert "\x1b[31m" not in line


def test_the_column_of_verdicts_alone_has_colours():
    lines = printed(TABLE, "wrl", colours=True).splitlines()
    assert "\x1b[31mwrong" in next(line for line in lines if "a [b]" in line)
    assert "\x1b[32mright" in next(line for line in lines if "12" in line)
    other = TextTable("c", [["setting", "word"]], [["wrong", "wrong"]], text=2)
    assert "\x1b[31m" not in printed(other, colours=True)


def test_every_verdict_has_a_colour():
    outcomes = ("holds", "fails", "cannot be told")
    assert set(COLOURS) == {*get_args(GradientVerdict), *tables.VERDICTS, *outcomes}
    assert set(check_tables.VERDICTS) == set(get_args(GradientVerdict))


def test_without_head_and_rule_there_are_lines_alone():
    table = TextTable("c", [["verdict", "claim"]], [["holds", "x " * 50], ["fails", "y"]], text=2)
    lines = printed(table, "lw", gap=3, headed=False, ruled=False, width=40).splitlines()
    assert lines[0].startswith("holds   x x")
    assert lines[1].startswith("        x x")
    assert lines[-1].rstrip() == "fails   y"


@pytest.mark.parametrize("gap", [1, 2, 4])
@pytest.mark.parametrize("ruled", [True, False])
def test_columns_stand_so_far_apart(gap, ruled):
    table = TextTable("c", [["ab", "cd"]], [["ef", "gh"]], text=2)
    lines = printed(table, "ll", gap=gap, ruled=ruled).splitlines()
    assert lines[0].rstrip() == f"ab{' ' * gap}cd"
    assert lines[-1].rstrip() == f"ef{' ' * gap}gh"


def test_a_name_is_cut_into_lines_before_a_number_is(monkeypatch):
    table = TextTable("c", [["setting", "a number"]], [["x" * 30, "0.123456789"]])
    lines = printed(table, width=26).splitlines()
    assert "0.123456789" in lines[2]
    assert "".join(line.split()[0] for line in lines[2:]) == "x" * 30
    monkeypatch.setenv("COLUMNS", "20")
    assert wide_console().width == 80
    monkeypatch.setenv("COLUMNS", "120")
    assert wide_console().width == 120
