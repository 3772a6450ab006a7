"""Somebody's gradient beside central and forward differences, as the tables of reports have it."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.records.gradients import DifferenceFigures, MeasuredDifference
from chainrule.report.check_tables import FIGURES, figure_text
from chainrule.report.table import TextTable, latex, markdown, named_once
from chainrule.text import csv_table

COLUMNS = {
    "relative_norm": ("norm", "rel."),
    "smallest_relative": ("smallest", "rel."),
    "mean_relative": ("mean", "rel."),
    "largest_relative": ("largest", "rel."),
    "mean_absolute": ("mean", "|a-n|"),
    "largest_absolute": ("largest", "|a-n|"),
    "share_below": ("below", "1e-6"),
}
"""The figures shown, and their headings in two lines."""

NOTES = (
    "rel.: |a - n| / max(1e-6, |a| + |n|), of single entries and of Euclidean norms; below: the share of entries that "
    "differ by less",
    "steps: cbrt(eps) max(1, |x|) of central differences, sqrt(eps) max(1, |x|) of forward ones; across a kink of a "
    "ReLU or a hinge neither is a derivative",
)


def differences_table(
    name: str, rows: Sequence[MeasuredDifference], notes: Sequence[str] = NOTES
) -> TextTable:
    """Every comparison of every parameter of what is called ``name``."""
    first, second = zip(*COLUMNS.values(), strict=True)
    head = [["parameter", "compared", *first], ["", "", *second]]
    body = [[row.parameter, row.compared, *(_cell(row, figure) for figure in COLUMNS)] for row in rows]
    return TextTable(f"{name}: differences of every entry", head, named_once(body), text=2, notes=notes)


def _cell(row: DifferenceFigures, figure: str) -> str:
    return figure_text(figure, getattr(row, figure))


def differences_csv(rows: Sequence[MeasuredDifference]) -> str:
    """A line for each comparison, in full precision."""
    columns = ("parameter", "compared", "entries", *FIGURES)
    return csv_table(columns, [[getattr(row, column) for column in columns] for row in rows])


def texts(name: str, rows: Sequence[MeasuredDifference]) -> dict[str, str]:
    """The table as LaTeX with booktabs, CSV and Markdown."""
    table = differences_table(name, rows)
    return {
        "latex": latex(table),
        "csv": differences_csv(rows),
        "markdown": f"### {table.caption}\n\n{markdown(table)}\n",
    }
