"""Tables of text on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainrule.report.table import TextTable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

VERDICT = "verdict"
"""The column whose words have colours."""
COLOURS = {
    "agrees": "green", "differs": "red", "uninformative": "yellow",
    "holds": "green", "fails": "red", "cannot be told": "yellow",
    "right": "green", "zero": "green", "suspect": "yellow", "wrong": "red",
}  # fmt: skip
NARROWEST = 80
"""Columns that a terminal is taken to have at least."""
SHORTEST_NAME = 12
"""Characters that lines are named in at least, however narrow the terminal."""


def wide_console() -> Console:
    """The terminal, of 80 columns at least: on a narrow one lines wrap; no number or verdict is ever cut."""
    from rich.console import Console

    console = Console()
    return Console(width=max(console.width, NARROWEST))


def fits(table: TextTable) -> bool:
    """Whether a table, a space between its columns, is narrow enough for any terminal.

    >>> fits(TextTable("", [["a"]], [["b"]])), fits(TextTable("", [["a"]], [["b" * 81]]))
    (True, False)
    """
    longest = (max(map(len, column)) for column in zip(*table.head, *table.body, strict=True))
    return sum(length + 1 for length in longest) - 1 <= NARROWEST


def rich_table(
    table: TextTable, columns: str = "", *, gap: int = 2, headed: bool = True, ruled: bool = True
) -> Table:
    """The table without caption and notes: verdicts in colours, published lines dim and indented.

    Args:
        table: the table.
        columns: a letter for each column: ``l`` stands left, ``r`` right, ``w`` left too, on several lines where it
            must; by default ``w`` for words and ``r`` for numbers.
        gap: spaces between columns.
        headed: with the columns' names, bold.
        ruled: with a rule below them.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    printed = Table(
        box=box.SIMPLE_HEAD if ruled else None,
        show_edge=False,
        show_header=headed,
        # A ruled table has a space of its own between columns.
        padding=(0, gap - ruled, 0, 0),
        pad_edge=ruled,
        header_style="bold",
    )
    letters = columns or "w" * table.text + "r" * (len(table.columns) - table.text)
    for index, (lines, letter) in enumerate(zip(zip(*table.head, strict=True), letters, strict=True)):
        printed.add_column(
            Text("\n".join(filter(None, lines))),
            justify="right" if letter == "r" else "left",
            no_wrap=letter != "w",
            overflow="fold",
            min_width=SHORTEST_NAME if index == 0 and letter == "w" else None,
        )
    for number, cells in enumerate(table.body):
        if number in table.published:
            printed.add_row(*map(Text, _indented(cells)), style="dim")
        else:
            printed.add_row(*map(_coloured, table.columns, cells))
    return printed


def _coloured(column: str, cell: str) -> Text:
    from rich.text import Text

    return Text(cell, style=COLOURS.get(cell, "") if column == VERDICT else "")


def _indented(cells: Sequence[str]) -> list[str]:
    """The cells, the first that is not empty behind two spaces."""
    first = next((index for index, cell in enumerate(cells) if cell), 0)
    return [f"  {cell}" if index == first else cell for index, cell in enumerate(cells)]
