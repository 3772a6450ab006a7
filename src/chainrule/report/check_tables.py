"""Gradient checks as the terminal prints them, as CSV, and as LaTeX.

Relative differences are |a - n| / max(1e-6, |a| + |n|): of single entries, and with Euclidean norms of a whole
parameter. Published figures stand below the measured ones and get no verdict: they are another's rounding errors.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chainrule.records.base import Number
from chainrule.records.checked import CheckedFile
from chainrule.records.gradients import GradientChecks, GradientDifference
from chainrule.report.table import TextTable, latex
from chainrule.text import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NONE = "-"
COLUMNS = {
    "largest_absolute": ("largest", "|a-n|"),
    "mean_absolute": ("mean", "|a-n|"),
    "largest_relative": ("largest", "rel."),
    "mean_relative": ("mean", "rel."),
    "relative_norm": ("norm", "rel."),
    "share_below": ("below", "1e-6"),
}
"""The figures shown, and their headings in two lines."""

FIGURES = ("smallest_relative", *COLUMNS)
COLOURS = {"right": "green", "zero": "green", "suspect": "yellow", "wrong": "red"}
LEGEND = (
    "rel.: |a - n| / max(1e-6, |a| + |n|), of single entries and of Euclidean norms",
    "zero: both gradients are rounding noise, as of a bias in front of batch norm",
)


def tables(checks: GradientChecks) -> dict[tuple[str, float], list[GradientDifference]]:
    """The rows of each net and l2, in the order of the record."""
    rows_by_net: dict[tuple[str, float], list[GradientDifference]] = {}
    for row in checks.rows:
        rows_by_net.setdefault((row.net, row.l2), []).append(row)
    return rows_by_net


def cells(row: GradientDifference) -> list[str]:
    """The measured figures of a row, as text."""
    return [_text(name, getattr(row, name)) for name in COLUMNS]


def published_cells(row: GradientDifference) -> list[str]:
    """The published figures of a row, empty where there are none."""
    return [_text(name, row.published[name]) if name in row.published else "" for name in COLUMNS]


def _text(name: str, value: Number) -> str:
    if value is None:
        return NONE
    return share(value) if name == "share_below" else f"{value:.1e}" if value else "0"


def share(value: float) -> str:
    """A share in per cent; ``100%`` only where nothing is left out."""
    return "100%" if value == 1 else f"{min(100 * value, 99.9):.1f}%"


def print_checks(checks: GradientChecks, console: Console) -> None:
    """Print a table for each net and l2, then what holds for all; readable from 80 columns on."""
    from rich.text import Text

    for (net, l2), rows in tables(checks).items():
        console.print(Text(heading(net, l2, checks.samples), style="bold"))
        console.print(rich_table(rows))
        console.print(Text(kinks(rows)))
        console.print()
    for line in (*notes(checks), summary(checks)):
        console.print(Text(one_line(line)))


def heading(net: str, l2: float, samples: int) -> str:
    """What a table is about."""
    return f"{net}, l2 {l2:g}, {samples} sample{'s' * (samples != 1)}"


def _named(rows: Sequence[GradientDifference]) -> Iterator[tuple[str, GradientDifference]]:
    """Each row with the name of its parameter, once for all rows of one."""
    previous = None
    for row in rows:
        yield "" if row.parameter == previous else row.parameter, row
        previous = row.parameter


def rich_table(rows: Sequence[GradientDifference]) -> Table:
    """The rows of one net and l2; published figures, where there are any, in a line below."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0, header_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("compared", no_wrap=True)
    for lines in COLUMNS.values():
        table.add_column("\n".join(lines), no_wrap=True, justify="right")
    table.add_column("verdict", no_wrap=True)
    for name, row in _named(rows):
        verdict = Text(row.verdict or "", style=COLOURS.get(row.verdict or "", ""))
        table.add_row(name, row.compared, *cells(row), verdict)
        if any(published := published_cells(row)):
            table.add_row("", "  published", *published, "", style="dim")
    return table


def kinks(rows: Sequence[GradientDifference]) -> str:
    """How often a step crossed a kink, where any value between the one-sided slopes was accepted."""
    central = [row for row in rows if row.compared == "analytic-central"]
    met = ", ".join(f"{row.parameter} {row.kinks} of {row.entries}" for row in central if row.kinks)
    crossed = f"kinks within the step: {met}" if met else "no kink within the step"
    return f"{sum(row.entries for row in central)} entries, {crossed}{_spread(rows)}"


def _spread(rows: Sequence[GradientDifference]) -> str:
    """Where some comparisons took fewer entries than there are."""
    every = {row.parameter: row.entries for row in rows if row.compared == "analytic-central"}
    fewer = {row.parameter: row.entries for row in rows if row.entries < every[row.parameter]}
    parts = ", ".join(f"{count} of {name}" for name, count in fewer.items())
    return f"; forward differences and complex step of {parts}" if parts else ""


def notes(checks: GradientChecks) -> list[str]:
    """What the tables leave unsaid."""
    published = any(row.published for row in checks.rows)
    inferred = f"inferred, not stated in the report: {', '.join(checks.inferred)}"
    start = f"at the start of seed {checks.seed}, with biases, gamma and beta moved off 0 and 1"
    return [start, *LEGEND, *([inferred] if published and checks.inferred else [])]


def summary(checks: GradientChecks) -> str:
    """How many comparisons are right, zero, suspect and wrong: one line."""
    verdicts = [row.verdict for row in checks.rows if row.verdict]
    counts = [f"{verdicts.count(word)} {word}" for word in COLOURS if word in verdicts]
    return f"{checks.recipe}: {', '.join(counts)}"


def to_csv(checks: GradientChecks) -> str:
    """A line for each row, in full precision: what it is about, its figures, then the published ones."""
    about = ("recipe", "net", "l2", "samples", "parameter", "compared", "entries", "kinks", "verdict")
    file = io.StringIO()
    columns = [*about, *FIGURES, *(f"published_{name}" for name in FIGURES)]
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in checks.rows:
        published = {f"published_{name}": value for name, value in row.published.items()}
        writer.writerow({"recipe": checks.recipe, "samples": checks.samples, **row.model_dump(), **published})
    return file.getvalue()


def shown_tables(checks: GradientChecks) -> list[TextTable]:
    """A table for each net and l2, as it is shown; published figures stand in lines below the measured ones."""
    return [_table(heading(*about, checks.samples), rows) for about, rows in tables(checks).items()]


def _table(caption: str, rows: Sequence[GradientDifference]) -> TextTable:
    first, second = zip(*COLUMNS.values(), strict=True)
    head = [["parameter", "compared", *first, "verdict"], ["", "", *second, ""]]
    body = []
    for name, row in _named(rows):
        body.append([name, row.compared, *cells(row), row.verdict or ""])
        if any(published := published_cells(row)):
            body.append(["", "published", *published, ""])
    return TextTable(f"Gradient check: {caption}", head, body, text=2, notes=[kinks(rows)])


def tensors_table(file: CheckedFile) -> TextTable:
    """One line a parameter of a checked program."""
    body = [
        [
            tensor.name,
            " x ".join(map(str, tensor.shape)) or "1",
            "zero" if tensor.zero and tensor.verdict == "right" else tensor.verdict,
            NONE if tensor.difference is None else f"{tensor.difference:.1e}",
            NONE if tensor.largest is None else f"{tensor.largest:.1e}",
            f"{tensor.checked} {'directions' if tensor.coverage else 'entries'}",
        ]
        for tensor in file.tensors
    ]
    head = [["parameter", "shape", "verdict", "relative norm", "largest", "compared"]]
    return TextTable(f"{file.file}: every parameter, against {file.scheme}", head, body, text=3)


def to_latex(checks: GradientChecks) -> str:
    """A table of the package booktabs for each net and l2."""
    return "\n".join(map(latex, shown_tables(checks)))
