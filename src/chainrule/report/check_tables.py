"""Gradient checks as the terminal prints them, as CSV, and as LaTeX.

Relative differences are |a - n| / max(eps, |a| + |n|): of single entries, and with Euclidean norms of a whole
parameter. Published figures stand below the measured ones and get no verdict: they are another's rounding errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chainrule.records.base import Number
from chainrule.records.checked import CheckedFile, CheckedTensor
from chainrule.records.gradients import CheckedStage, GradientChecks, GradientDifference
from chainrule.report.check_notes import counted, every_entry, kinks, short, stages, zeros
from chainrule.report.table import TextTable, latex, named_once
from chainrule.report.terminal import VERDICT, rich_table
from chainrule.text import csv_table, number_of, one_line

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
}
"""The figures shown, and their headings in two lines; the share below a threshold, which is named, comes last."""

SHOWN = (*COLUMNS, "share_below")

FIGURES = ("smallest_relative", *SHOWN)
VERDICTS = ("right", "zero", "suspect", "wrong")
ZERO = (
    "zero: both gradients are rounding noise, as of a bias in front of batch norm, which subtracts it; relative "
    "differences mean nothing there"
)


NamedRow = tuple[str, GradientDifference]
"""A row, and what it is called in its table."""


class CheckTable(NamedTuple):
    """A table of checks: what it is about, its rows, and what is said below it."""

    caption: str
    rows: list[NamedRow]
    notes: list[str]


def tables(checks: GradientChecks) -> list[CheckTable]:
    """A table for each net and l2, in the order of the record, and one for the course of errors."""
    rows_by_net: dict[tuple[str, float], list[GradientDifference]] = {}
    for row in checks.rows:
        rows_by_net.setdefault((row.net, row.l2), []).append(row)
    nets = [
        CheckTable(
            heading(net, l2, checks.samples),
            [(row.parameter, row) for row in rows],
            [kinks(rows), *every_entry(rows, checks.below), *zeros(rows, checks.eps)],
        )
        for (net, l2), rows in rows_by_net.items()
    ]
    return [*nets, *([_course(checks.course)] if checks.course else [])]


def _course(course: Sequence[CheckedStage]) -> CheckTable:
    """The course of errors: each parameter by the number of its stage."""
    rows = [
        (f"{number} {row.parameter}", row) for number, stage in enumerate(course, 1) for row in stage.rows
    ]
    caption = f"{rows[0][1].net}, course of errors, step {short(course[0].step)}"
    return CheckTable(caption, rows, stages(course))


def columns(below: float) -> list[tuple[str, str]]:
    """The headings of :data:`SHOWN` in two lines, for shares below a threshold."""
    return [*COLUMNS.values(), ("below", f"{below:.3g}".replace("e-0", "e-"))]


def cells(row: GradientDifference) -> list[str]:
    """The measured figures of a row, as text."""
    return [figure_text(name, getattr(row, name)) for name in SHOWN]


def published_cells(row: GradientDifference) -> list[str]:
    """The published figures of a row, empty where there are none."""
    return [figure_text(name, row.published[name]) if name in row.published else "" for name in SHOWN]


def figure_text(name: str, value: Number) -> str:
    """A figure of :data:`FIGURES` as a table shows it."""
    if value is None:
        return NONE
    return share(value) if name == "share_below" else f"{value:.1e}" if value else "0"


def share(value: float) -> str:
    """A share in per cent; ``100%`` only where nothing is left out."""
    return "100%" if value == 1 else f"{min(100 * value, 99.9):.1f}%"


def print_checks(checks: GradientChecks, console: Console) -> None:
    """Print a table for each net and l2, then what holds for all; readable from 80 columns on."""
    from rich.text import Text

    for table in tables(checks):
        console.print(Text(table.caption, style="bold"))
        console.print(_printed(_table(table, checks.below)))
        for line in table.notes:
            console.print(Text(one_line(line)))
        console.print()
    for line in (*notes(checks), summary(checks)):
        console.print(Text(one_line(line)))


def heading(net: str, l2: float, samples: int) -> str:
    """What a table is about."""
    return f"{net}, l2 {l2:g}, {counted(samples)}"


def notes(checks: GradientChecks) -> list[str]:
    """What the tables leave unsaid."""
    published = any(row.published for table in tables(checks) for _, row in table.rows)
    inferred = f"inferred, not stated in the report: {', '.join(checks.inferred)}"
    start = f"at the start of seed {checks.seed}, with biases, gamma and beta moved off 0 and 1"
    relative = (
        f"rel.: |a - n| / max({short(checks.eps)}, |a| + |n|), of single entries and of Euclidean norms"
    )
    return [start, relative, ZERO, *([inferred] if published and checks.inferred else [])]


def summary(checks: GradientChecks) -> str:
    """How many comparisons are right, zero, suspect and wrong: one line."""
    verdicts = [row.verdict for row in checks.rows if row.verdict]
    counts = [f"{verdicts.count(word)} {word}" for word in VERDICTS if word in verdicts]
    return f"{checks.recipe}: {', '.join(counts)}"


def sentence(checks: GradientChecks) -> str:
    """What came of all comparisons, as a page begins with it."""
    verdicts = [row.verdict for row in checks.rows if row.verdict]
    counts = [f"{verdicts.count(word)} {word}" for word in VERDICTS if word in verdicts]
    compared = (
        f"Of {len(verdicts)} comparisons of {one_line(checks.recipe)}'s gradient with numeric derivatives"
    )
    return f"{compared}: {', '.join(counts)}."


def to_csv(checks: GradientChecks) -> str:
    """A line for each row, in full precision: what it is about, its figures, then the published ones.

    Rows of the course of errors have the number of their stage and what is wrong in it.
    """
    about = ("recipe", "net", "l2", "samples", "parameter", "compared", "entries", "kinks", "verdict")
    course = ("stage", "mistake", "step", "eps", "below", "resolution")
    columns = [*about, *FIGURES, *(f"published_{name}" for name in FIGURES), *course]
    common: dict[str, object] = {
        "recipe": checks.recipe,
        "samples": checks.samples,
        "eps": checks.eps,
        "below": checks.below,
    }
    told = [(common, row) for row in checks.rows]
    for number, stage in enumerate(checks.course, start=1):
        about_stage = {"stage": number, **stage.model_dump(include={"samples", "mistake", "step"})}
        told += [({**common, **about_stage}, row) for row in stage.rows]
    lines = []
    for own, row in told:
        published = {f"published_{name}": value for name, value in row.published.items()}
        facts = {**row.model_dump(), **own, **published}
        lines.append([facts.get(column) for column in columns])
    return csv_table(columns, lines)


def shown_tables(checks: GradientChecks) -> list[TextTable]:
    """Every table as it is shown; published figures stand in lines below the measured ones."""
    return [_table(table, checks.below) for table in tables(checks)]


def _table(table: CheckTable, below: float) -> TextTable:
    first, second = zip(*columns(below), strict=True)
    head = [["parameter", "compared", *first, VERDICT], ["", "", *second, ""]]
    body, published = [], []
    for name, row in table.rows:
        body.append([name, row.compared, *cells(row), row.verdict or ""])
        if any(others := published_cells(row)):
            published.append(len(body))
            body.append([name, "published", *others, ""])
    caption = f"Gradient check: {table.caption}"
    return TextTable(caption, head, named_once(body), text=2, notes=table.notes, published=published)


def _printed(table: TextTable) -> Table:
    # Without the name of the first column and close together, so that 80 columns hold it.
    first, second = table.head
    return rich_table(replace(table, head=[["", *first[1:]], second]), f"ll{'r' * len(SHOWN)}l", gap=1)


def tensors_table(file: CheckedFile) -> TextTable:
    """One line a parameter of a checked program."""
    body = [
        [
            *_named(tensor),
            "zero" if tensor.zero and tensor.verdict == "right" else tensor.verdict,
            NONE if tensor.difference is None else f"{tensor.difference:.1e}",
            NONE if tensor.largest is None else f"{tensor.largest:.1e}",
            number_of(tensor.checked, *(("direction",) if tensor.coverage else ("entry", "entries"))),
        ]
        for tensor in file.tensors
    ]
    head = [["parameter", "shape", "verdict", "relative norm", "largest", "compared"]]
    return TextTable(f"{file.file}: every parameter, against {file.scheme}", head, body, text=3)


def tensors_csv(file: CheckedFile) -> str:
    """A line for each parameter of a checked program, in full precision."""
    columns = ("parameter", "shape", "verdict", "relative_norm", "largest", "compared", "kinks")
    lines = [
        [*_named(tensor), tensor.verdict, tensor.difference, tensor.largest, tensor.checked, tensor.kinks]
        for tensor in file.tensors
    ]
    return csv_table(columns, lines)


def _named(tensor: CheckedTensor) -> tuple[str, str]:
    """A parameter's name and its shape."""
    return tensor.name, " x ".join(map(str, tensor.shape)) or "1"


def to_latex(checks: GradientChecks) -> str:
    """A table of the package booktabs for each net and l2."""
    return "\n".join(map(latex, shown_tables(checks)))
