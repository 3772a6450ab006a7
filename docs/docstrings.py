"""For mkdocstrings: docstrings as Markdown, whose roles are code and whose examples stand in blocks."""

from __future__ import annotations

import re
from typing import Any

import griffe

_ROLE = re.compile(r":\w+:`~?([^`]+)`")
_EXAMPLE = re.compile(r"(?m)^( *)>>> .*\n(?:^\1(?! *$).*\n?)*")


class AsMarkdown(griffe.Extension):
    """Rewrites each docstring before it is read."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Rewrite that of one object."""
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """``text`` with roles as code and each example as a block of code.

    >>> print(as_markdown("As :func:`f` does.\\n\\n>>> 1 + 1\\n2"))
    As `f` does.
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    """
    return _EXAMPLE.sub(_block, _ROLE.sub(r"`\1`", text)).rstrip("\n")


def _block(match: re.Match[str]) -> str:
    indent = match[1]
    return f"{indent}```pycon\n{match[0].rstrip()}\n{indent}```\n"
