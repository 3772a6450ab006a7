"""The catalogue as text: the list of all bugs, one bug explained, and the whole of it in Markdown."""

from __future__ import annotations

import re
import textwrap

from chainrule.gradcheck.catalogue import BUGS, FAMILIES, Bug, Family
from chainrule.text import escaped_prose

_SYMBOLS = (
    "In these lines samples are the rows of `X`, N of them. A layer's scores are `s = X @ W + b`, `s_hat` when "
    "normalised, `h` behind ReLU. `P` are probabilities, `Y` one-hot labels, `y` integer ones. `G` is the error: the "
    "derivative of the cost by a layer's scores. `l2` is the factor of the penalty."
)
_HOW_TO_SEE = "put the wrong lines into a program of yours, and run `chainrule check` on it"
_INTRODUCTION = (
    "Every bug that `chainrule check` knows by name: what it is, how it comes about and how it shows, the lines that "
    "have it, and the right ones. Names never change. `chainrule explain NAME` prints one of them; to see one named, "
    f"{_HOW_TO_SEE}."
)
_CODE = re.compile(r"`[^`]*`")


def listed(width: int) -> str:
    """Every bug with what it is, family by family."""
    column = max(map(len, BUGS)) + 4
    return "\n\n".join("\n".join([family.about, *_lines(family, column, width)]) for family in FAMILIES)


def _lines(family: Family, column: int, width: int) -> list[str]:
    return [_wrapped(bug.what, width, f"  {bug.name}".ljust(column), " " * column) for bug in family.bugs]


def explained(bug: Bug, width: int) -> str:
    """One bug."""
    paragraphs = (
        _wrapped(f"{bug.name}: {bug.what}", width),
        _wrapped(bug.why, width),
        "wrong:\n" + textwrap.indent(bug.wrong, "    "),
        "right:\n" + textwrap.indent(bug.right, "    "),
        _wrapped(f"repair: {bug.repair}", width),
        _wrapped(f"to see it: {_HOW_TO_SEE}", width),
        _wrapped(_SYMBOLS, width),
    )
    return "\n\n".join(paragraphs)


def _wrapped(text: str, width: int, first: str = "", further: str = "") -> str:
    """Lines of at most ``width``; neither names nor code between backticks are cut."""
    whole = _CODE.sub(lambda match: match[0].replace(" ", "\0"), text)
    filled = textwrap.fill(
        whole,
        width,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace("\0", " ")


def markdown() -> str:
    """The whole catalogue as a page."""
    contents = (f"- {family.about}. {', '.join(map(_link, family.bugs))}" for family in FAMILIES)
    sections = ("\n\n".join([f"## {family.about}", *map(markdown_of, family.bugs)]) for family in FAMILIES)
    return "\n\n".join(["# Bugs by name", _INTRODUCTION, _SYMBOLS, "\n".join(contents), *sections])


def _link(bug: Bug) -> str:
    return f"[{bug.name}](#{bug.name})"


def markdown_of(bug: Bug) -> str:
    """One bug as a section of the page."""
    paragraphs = (
        f"### {bug.name}",
        escaped_prose(f"{_capital(bug.what)}. {bug.why}"),
        f"Wrong:\n\n```python\n{bug.wrong}\n```",
        f"Right:\n\n```python\n{bug.right}\n```",
        escaped_prose(f"Repair: {bug.repair}."),
    )
    return "\n\n".join(paragraphs)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
