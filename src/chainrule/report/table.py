"""A table of text, and its forms: LaTeX with booktabs, Markdown.

:mod:`chainrule.report.terminal` prints it, the page's template makes HTML of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chainrule.text import escaped_latex, escaped_markdown, markdown_paragraph


@dataclass(frozen=True)
class TextTable:
    """A table as it is shown.

    Attributes:
        caption: what it is about.
        head: the columns' names, in one or two lines.
        body: a line of cells each.
        text: how many columns, from the left, hold words; the others hold numbers.
        notes: what the table leaves unsaid.
        published: which lines of the body, counted from 0, are another's figures for the line above.
    """

    caption: str
    head: Sequence[Sequence[str]]
    body: Sequence[Sequence[str]]
    text: int = 1
    notes: Sequence[str] = ()
    published: Collection[int] = ()

    @property
    def columns(self) -> list[str]:
        """The columns' names, each in one line."""
        return [" ".join(filter(None, lines)) for lines in zip(*self.head, strict=True)]


def named_once(body: Sequence[Sequence[str]]) -> list[list[str]]:
    """The lines, each without its first cell where that is the one above's."""
    above = ["", *(cells[0] for cells in body)]
    return [
        ["" if cells[0] == name else cells[0], *cells[1:]] for name, cells in zip(above, body, strict=False)
    ]


_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?")
_DIGIT, _POINT = "\u2007", "\u2008"
"""Spaces as wide as a digit and as a point, where digits are equally wide."""


def aligned(table: TextTable) -> list[list[str]]:
    """The body, with spaces behind the numbers of a column that have fewer decimals than others, so that points stand
    below each other."""
    columns = [list(column) for column in zip(*table.body, strict=True)]
    for column in columns[table.text :]:
        found = [_NUMBER.match(cell) for cell in column]
        places = [len(match[1] or "") if match else 0 for match in found]
        for i, match in enumerate(found):
            if match and match.end() == len(column[i]) and (missing := max(places) - places[i]):
                column[i] += ("" if places[i] else _POINT) + _DIGIT * missing
    return [list(line) for line in zip(*columns, strict=True)]


WIDE = 40
"""Characters of a column of words from which on its lines are broken in LaTeX."""


def latex(table: TextTable) -> str:
    """The table for the package booktabs; notes stand below it."""
    longest = [max(map(len, column)) for column in zip(*table.head, *table.body, strict=True)]
    wide = [i for i in range(table.text) if longest[i] > WIDE]
    align = "".join(
        "p{%.2f\\textwidth}" % (0.75 / len(wide)) if i in wide else "l" for i in range(table.text)
    )
    align += "r" * (len(longest) - table.text)
    notes = [rf"\par\smallskip {escaped_latex(note)}" for note in table.notes]
    lines = [
        r"\begin{table}", r"\centering\footnotesize\setlength{\tabcolsep}{4pt}",
        rf"\caption{{{escaped_latex(table.caption)}}}",
        rf"\begin{{tabular}}{{{align}}}", r"\toprule", *map(_latex_line, table.head), r"\midrule",
        *map(_latex_line, table.body), r"\bottomrule", r"\end{tabular}", *notes, r"\end{table}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _latex_line(texts: Sequence[str]) -> str:
    # A cell that begins with a bracket or a star would be taken for an option of the line break before it.
    cells = (f"{{}}{cell}" if cell.startswith(("[", "*")) else cell for cell in map(escaped_latex, texts))
    return " & ".join(cells) + r" \\"


def markdown(table: TextTable) -> str:
    """The table and its notes in Markdown."""
    lines = [table.columns, ["---"] * len(table.columns), *table.body]
    rows = [f"| {' | '.join(cells)} |" for cells in [[escaped_markdown(c) for c in line] for line in lines]]
    rows[1] = f"| {' | '.join(lines[1])} |"
    return "\n".join(
        [*rows, *(["", *(f"- {markdown_paragraph(note)}" for note in table.notes)] if table.notes else [])]
    )
