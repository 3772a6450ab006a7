"""Text from elsewhere, made safe to show: on one line, and without meaning in Markdown, LaTeX, spreadsheets or JSON.

HTML needs nothing here: the page's templates and the notebook's escape by themselves.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

LONGEST_EXCERPT = 60
LONGEST_LINE = 1000
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes a cell for a formula by."""


def one_line(text: str, longest: int | None = None) -> str:
    r"""``text`` on one line: line breaks and tabs are spaces, other characters that do not print are escaped.

    So no text steers a terminal, hides itself, or breaks a table.

    >>> one_line("two\nlines\x1b[31m")
    'two lines\\x1b[31m'

    Args:
        text: anybody's.
        longest: what is longer is cut; None: nothing is.
    """
    kept = text if longest is None else text[: longest + 1]
    flat = re.sub(r"[\t\n\r]+", " ", kept)
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in flat)
    return shown if longest is None or len(shown) <= longest else shown[:longest] + "..."


def excerpt(text: object) -> str:
    r"""``text`` as at most 60 printable ASCII characters, for what a file holds that may be damaged or hostile.

    >>> excerpt(b"PK\x03"), len(excerpt("a" * 1000))
    ('PK\\x03', 63)
    """
    if isinstance(text, bytes):
        text = text[: LONGEST_EXCERPT + 1].decode("latin-1")
    plain = str(text)[: LONGEST_EXCERPT + 1].encode("unicode_escape").decode("ascii")
    return plain if len(plain) <= LONGEST_EXCERPT else plain[:LONGEST_EXCERPT] + "..."


def escaped_markdown(text: str) -> str:
    r"""``text`` on one line, without any meaning in Markdown or HTML.

    >>> escaped_markdown("a_b <i>")
    'a\\_b &lt;i&gt;'
    """
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#" else c for c in plain)


def escaped_prose(text: str) -> str:
    r"""Prose of ours in Markdown: what would be read as marks is escaped, but for code between backticks.

    >>> escaped_prose("a*b in `a*b`")
    'a\\*b in `a*b`'
    """
    parts = text.split("`")
    return "`".join(
        part if i % 2 else re.sub(r"[\\*_<\[\]]", r"\\\g<0>", part) for i, part in enumerate(parts)
    )


_LATEX = {
    **{c: rf"\text{name}{{}}" for c, name in {
        "\\": "backslash", "~": "asciitilde", "^": "asciicircum", "|": "bar", "<": "less", ">": "greater",
    }.items()},
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "±": r"$\pm$", "λ": r"$\lambda$", "−": "$-$",
}  # fmt: skip


def escaped_latex(text: str) -> str:
    r"""``text`` on one line as LaTeX prints it.

    >>> escaped_latex("50% of x_1")
    '50\\% of x\\_1'
    """
    return "".join(_LATEX.get(character, character) for character in one_line(text))


def csv_cell(value: object) -> object:
    """A cell of a CSV file: a text that a spreadsheet would take for a formula gets a quote in front.

    >>> csv_cell("=1+1"), csv_cell(-1.5)
    ("'=1+1", -1.5)
    """
    text = isinstance(value, str) and value.lstrip().startswith(_FORMULA)
    return f"'{value}" if text else value


def as_toml(value: Any) -> str:
    """A setting's value on one line, nearly as TOML writes it: the outermost braces and quotes are left out.

    >>> as_toml({"learning_rate": {"start": 0.02, "decay_per_epoch": 0.9}, "hidden": [50]})
    'learning_rate = { start = 0.02, decay_per_epoch = 0.9 }, hidden = [50]'
    """
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_inner(inner)}" for key, inner in value.items() if inner is not None)
    if isinstance(value, list):
        return f"[{', '.join(map(_inner, value))}]"
    return one_line(value) if isinstance(value, str) else json.dumps(value)


def _inner(value: Any) -> str:
    return f"{{ {as_toml(value)} }}" if isinstance(value, dict) else as_toml(value)


def json_values(value: Any) -> Any:
    """The same in types that JSON has: null for NaN and infinity, Python's own numbers for those of a library.

    >>> json_values({"cost": float("nan"), "shape": (2, 3)})
    {'cost': None, 'shape': [2, 3]}
    """
    if getattr(value, "shape", None) == ():
        return json_values(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: json_values(inner) for key, inner in value.items()}
    return [json_values(inner) for inner in value] if isinstance(value, list | tuple) else value
