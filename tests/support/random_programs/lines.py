"""Lines of a program, each with what it is there for, so that a mistake finds its line."""

from __future__ import annotations

from typing import NamedTuple


class TextLine(NamedTuple):
    """A line: what it is there for (empty where no mistake is made), its text, and how far it is indented."""

    what: str
    text: str
    depth: int = 1


def head(kind: str, name: str, depth: int, arguments: str = "") -> list[TextLine]:
    """Two empty lines, and the first one of a function or class."""
    given = f"({arguments})" if kind == "def" else ""
    return [TextLine("", "", 0), TextLine("", "", 0), TextLine("", f"{kind} {name}{given}:", depth)]
