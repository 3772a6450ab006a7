"""Edits of a text: applied to it, and how much they change."""

from __future__ import annotations

import difflib
import io
import itertools
import re
from collections.abc import Sequence

from chainrule.gradcheck.result import TextEdit

_WORD = re.compile(r"\d[\w.]*|\w+|\*\*|//|[=!<>]=|[^\w\s]")


def applied(text: str, edits: Sequence[TextEdit]) -> str | None:
    """A text with edits of it, its line ends kept; None where it is another than they were made for.

    >>> applied("x = 1\\r\\n", [TextEdit("net.py", 1, 4, 1, 5, "1", "2")])
    'x = 2\\r\\n'
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    starts = starts_of(lines_of(text))
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column), reverse=True):
        if not 1 <= edit.line <= edit.last_line <= len(starts):
            return None
        start, end = starts[edit.line - 1] + edit.column, starts[edit.last_line - 1] + edit.last_column
        if text[start:end].replace("\r\n", "\n") != edit.before:
            return None
        text = text[:start] + edit.after.replace("\n", ending) + text[end:]
    return text


def size(edits: Sequence[TextEdit]) -> int:
    """How many words edits put in, or put in the place of others; what is taken away counts as one."""
    return sum(map(_changed, edits))


def _changed(edit: TextEdit) -> int:
    before, after = _WORD.findall(edit.before), _WORD.findall(edit.after)
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(1, j2 - j1) for kind, _, _, j1, j2 in blocks if kind != "equal")


def lines_of(text: str) -> list[str]:
    """With their ends, as Python counts them."""
    return io.StringIO(text, newline="").readlines()


def starts_of(lines: Sequence[str]) -> list[int]:
    """The offset of each line, and of the end."""
    return list(itertools.accumulate(map(len, lines), initial=0))
