"""A table of text, and its forms: LaTeX with booktabs, Markdown; the page's template makes HTML of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.report.style import shown


@dataclass(frozen=True)
class TextTable:
    """A table as it is shown.

    Attributes:
        caption: what it is about.
        head: the columns' names, in one or two lines.
        body: a line of cells each.
        text: how many columns, from the left, hold words; the others hold numbers.
        notes: what the table leaves unsaid.
    """

    caption: str
    head: Sequence[Sequence[str]]
    body: Sequence[Sequence[str]]
    text: int = 1
    notes: Sequence[str] = ()

    @property
    def columns(self) -> list[str]:
        """The columns' names, each in one line."""
        return [" ".join(filter(None, lines)) for lines in zip(*self.head, strict=True)]


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
    notes = [rf"\par\smallskip {latex_escaped(note)}" for note in table.notes]
    lines = [
        r"\begin{table}", r"\centering\footnotesize\setlength{\tabcolsep}{4pt}",
        rf"\caption{{{latex_escaped(table.caption)}}}",
        rf"\begin{{tabular}}{{{align}}}", r"\toprule", *map(_latex_line, table.head), r"\midrule",
        *map(_latex_line, table.body), r"\bottomrule", r"\end{tabular}", *notes, r"\end{table}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _latex_line(texts: Sequence[str]) -> str:
    # A cell that begins with a bracket would be taken for the option of the line break before it.
    cells = (f"{{}}{cell}" if cell.startswith("[") else cell for cell in map(latex_escaped, texts))
    return " & ".join(cells) + r" \\"


def latex_escaped(text: str) -> str:
    """Text that LaTeX prints as it stands."""
    names = {
        "\\": "backslash",
        "~": "asciitilde",
        "^": "asciicircum",
        "|": "bar",
        "<": "less",
        ">": "greater",
    }
    special = {character: rf"\text{name}{{}}" for character, name in names.items()}
    special |= {character: "\\" + character for character in "&%$#_{}"}
    special |= {"±": r"$\pm$", "λ": r"$\lambda$", "−": "$-$"}
    return "".join(special.get(character, character) for character in shown(text))


def markdown(table: TextTable) -> str:
    """The table and its notes in Markdown."""
    lines = [table.columns, ["---"] * len(table.columns), *table.body]
    rows = [f"| {' | '.join(cells)} |" for cells in [[markdown_escaped(c) for c in line] for line in lines]]
    rows[1] = f"| {' | '.join(lines[1])} |"
    return "\n".join(
        [*rows, *(["", *(f"- {markdown_escaped(note)}" for note in table.notes)] if table.notes else [])]
    )


def markdown_escaped(text: str) -> str:
    """``text`` without any meaning in Markdown or HTML."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#" else c for c in plain)
