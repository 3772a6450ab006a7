"""Text from elsewhere, made safe to show: on one line, and without meaning in Markdown, LaTeX, HTML, spreadsheets or
JSON. The page's templates escape by themselves.
"""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

LONGEST_EXCERPT = 60
LONGEST_LINE = 1000
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes a cell for a formula by."""
_NUMBER = r"[-+]?\d+(\.\d*)?(e[-+]?\d+)?"
_NUMBERS = re.compile(rf"{_NUMBER}(;({_NUMBER})?)*")
_BEGINS_A_BLOCK = re.compile(r"^(\d+(?=[.)](?!\w))|(?=[-+=](?!\w)))")
"""What Markdown takes a line for an entry of a list or a rule by."""


def one_line(text: str, longest: int | None = None) -> str:
    r"""``text`` on one line: line breaks, tabs and odd spaces are spaces, other characters that do not
    print are escaped.

    So no text steers a terminal, hides itself, or breaks a table.

    >>> one_line("two\nlines\x1b[31m")
    'two lines\\x1b[31m'

    Args:
        text: anybody's.
        longest: what is longer is cut; None: nothing is.
    """
    kept = text if longest is None else text[: longest + 1]
    flat = re.sub(r"[^\S ]+", " ", kept)
    shown = "".join(c if c.isprintable() else _escaped(c) for c in flat)
    whole = longest is None or max(len(shown), len(kept)) <= longest
    return shown if whole else f"{shown[:longest]}..."


def encodable(text: str) -> str:
    r"""``text`` as UTF-8 can carry it: bytes of a file's name that are none are escaped, as are halves of characters.

    >>> encodable("caf\udce9.py"), encodable("\ud83d")
    ('caf\\xe9.py', '\\ud83d')
    """
    return re.sub("[\ud800-\udfff]", lambda match: _escaped(match[0]), text)


def _escaped(character: str) -> str:
    # Python has these in the place of bytes of a file's name that are no UTF-8.
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def excerpt(text: object) -> str:
    r"""``text`` as at most 60 printable characters, ASCII or letters of any script, for what a file holds that may be
    damaged or hostile.

    >>> excerpt(b"PK\x03"), excerpt("förlust\u202e"), len(excerpt("a" * 1000))
    ('PK\\x03', 'förlust\\u202e', 63)
    """
    if isinstance(text, bytes):
        plain = text[: LONGEST_EXCERPT + 1].decode("latin-1").encode("unicode_escape").decode("ascii")
    else:
        shown = str(text)[: LONGEST_EXCERPT + 1]
        plain = "".join(c if c.isalpha() else c.encode("unicode_escape").decode("ascii") for c in shown)
    return plain if len(plain) <= LONGEST_EXCERPT else plain[:LONGEST_EXCERPT] + "..."


def number_of(count: int, one: str, many: str = "") -> str:
    """So many of something; ``many`` is the plural where it takes more than an s.

    >>> number_of(2, "trial"), number_of(1, "entry", "entries"), number_of(0, "entry", "entries")
    ('2 trials', '1 entry', '0 entries')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def escaped_markdown(text: str) -> str:
    r"""``text`` on one line, without any meaning in Markdown or HTML.

    >>> escaped_markdown("a_b <i>")
    'a\\_b &lt;i&gt;'
    """
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#~$" else c for c in plain)


def markdown_paragraph(text: str) -> str:
    r"""``text`` as in :func:`escaped_markdown`, from the first word of a line or of an entry of a list on.

    >>> markdown_paragraph("1. a_b"), markdown_paragraph("- c"), markdown_paragraph("-0.5")
    ('1\\. a\\_b', '\\- c', '-0.5')
    """
    return _BEGINS_A_BLOCK.sub(r"\1\\", escaped_markdown(text).strip())


def markdown_code(text: str) -> str:
    """``text`` on one line as code within a line of Markdown.

    >>> markdown_code("a_b"), markdown_code("`ls`")
    ('`a_b`', '`` `ls` ``')
    """
    line = one_line(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def escaped_html(text: str) -> str:
    """``text`` on one line in HTML, within an element or between the quotes of an attribute.

    >>> escaped_html("a < b")
    'a &lt; b'
    """
    return html.escape(one_line(text))


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
    "\0": "{}",
    "±": r"$\pm$", "λ": r"$\lambda$", "−": "$-$",
}  # fmt: skip


def escaped_latex(text: str) -> str:
    r"""``text`` on one line as LaTeX prints it.

    >>> escaped_latex("50% of x_1")
    '50\\% of x\\_1'
    """
    # Two hyphens or quotation marks are a dash or another mark there, unless something stands between them.
    apart = re.sub(r"([-`'])(?=\1)|[!?](?=`)", "\\g<0>\0", one_line(text))
    return "".join(_LATEX.get(character, character) for character in apart)


def csv_cell(value: object) -> object:
    """A cell of a CSV file: a text that a spreadsheet would take for a formula gets a quote in front, numbers do not.

    >>> csv_cell("=1+1"), csv_cell(-1.5), csv_cell("-1.5;2")
    ("'=1+1", -1.5, '-1.5;2')
    """
    if not isinstance(value, str) or _NUMBERS.fullmatch(value):
        return value
    return (
        f"'{value}" if value.startswith(("\t", "\r", "\n")) or value.lstrip().startswith(_FORMULA) else value
    )


def csv_table(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A table as CSV: numbers in full precision, empty where None.

    >>> csv_table(["name", "mean"], [["=1+1", 0.1], ["b", None]])
    "name,mean\\n'=1+1,0.1\\nb,\\n"

    Raises:
        ValueError: a line has another number of cells than there are columns.
    """
    table = [columns, *lines]
    if any(len(line) != len(columns) for line in table):
        raise ValueError(f"a line has not one cell for each of {len(columns)} columns")
    return "".join(map(_csv_line, table))


def _csv_line(cells: Sequence[object]) -> str:
    file = io.StringIO(newline="")
    # The writer puts quotes around a line break only where it is one of its own ends of lines, "\r\n".
    csv.writer(file).writerow(map(csv_cell, cells))
    return file.getvalue().removesuffix("\r\n") + "\n"


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
    """The same in types that JSON has: null for NaN and infinity, Python's own numbers for those of a library, text
    that UTF-8 can carry.

    >>> json_values({"cost": float("nan"), "shape": (2, 3)})
    {'cost': None, 'shape': [2, 3]}
    """
    if getattr(value, "shape", None) == ():
        return json_values(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {json_values(key): json_values(inner) for key, inner in value.items()}
    return [json_values(inner) for inner in value] if isinstance(value, list | tuple) else value
