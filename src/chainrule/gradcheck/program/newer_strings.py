"""f-strings as Python 3.12 reads them, written so that Python 3.11 reads the same.

Since 3.12 the expressions of ``f"{row["cost"]}"`` may hold the quotes of the string itself, and line breaks. Between
three quotes they may do so in any version, and every line keeps its number. A string in them may hold a backslash, too;
it is written by the numbers of its characters.
"""

from __future__ import annotations

import ast
import contextlib
import re
from typing import NamedTuple

_STRING = re.compile(r"(?<!\w)(?P<prefix>[rbuf]{0,2})(?P<quote>'''|\"\"\"|'|\")", re.IGNORECASE)
_OPENING, _CLOSING = "([{", ")]}"


class _Unreadable(Exception):
    """A string that does not end."""


class _String(NamedTuple):
    """A string of a source: where it ends, and how it is written for older versions."""

    end: int
    text: str


def for_older(text: str) -> str:
    """A source whose f-strings older versions can read; as it is where a string does not end.

    >>> for_older('print(f"{row["cost"]:.3f}")')
    'print(f\"\"\"{row["cost"]:.3f}\"\"\")'
    """
    try:
        return _expression(text, 0, "")[1]
    except _Unreadable:
        return text


def _expression(text: str, start: int, end: str) -> _String:
    """Code up to a character that closes it, ``:`` of a format included; to the end of the text where there is none."""
    place, depth, written = start, 0, []
    while place < len(text):
        string = _STRING.match(text, place)
        if string is not None:
            read = _string(text, string)
            written.append(_without_backslash(text[place : read.end], read.text) if end else read.text)
            place = read.end
            continue
        if text[place] == "#" and not end:
            stop = text.find("\n", place)
            stop = len(text) if stop < 0 else stop
            written.append(text[place:stop])
            place = stop
            continue
        if end and depth == 0 and (text[place] in end):
            return _String(place, "".join(written))
        depth += (text[place] in _OPENING) - (text[place] in _CLOSING)
        written.append(text[place])
        place += 1
    if end:
        raise _Unreadable
    return _String(place, "".join(written))


def _string(text: str, start: re.Match[str]) -> _String:
    """The string that starts here."""
    prefix, quote = start["prefix"], start["quote"]
    place, written, is_newer = start.end(), [], False
    while not text.startswith(quote, place):
        if place >= len(text) or (text[place] == "\n" and len(quote) == 1):
            raise _Unreadable
        if text[place] == "{" and "f" in prefix.lower() and text[place : place + 2] != "{{":
            inner = _expression(text, place + 1, ":}")
            is_newer = is_newer or (
                len(quote) == 1 and not {quote, "\n"}.isdisjoint(text[place + 1 : inner.end])
            )
            written.append("{" + inner.text)
            place = inner.end
            continue
        step = 2 if text[place] == "\\" or text[place : place + 2] == "{{" else 1
        written.append(text[place : place + step])
        place += step
    return _String(place + len(quote), _written(prefix, quote, "".join(written), is_newer=is_newer))


def _without_backslash(string: str, otherwise: str) -> str:
    """What a string holds, without the backslash in it; another text where there is none, or no plain string."""
    if "\\" in string:
        with contextlib.suppress(ValueError, SyntaxError):
            value = ast.literal_eval(string)
            return f"str().join(map(chr, {[*map(ord, value)]}))" if isinstance(value, str) else otherwise
    return otherwise


def _written(prefix: str, quote: str, content: str, *, is_newer: bool) -> str:
    if is_newer:
        # A string inside may have got three quotes already.
        quote = next((q * 3 for q in (quote, *"'\"") if q * 3 not in content), quote)
    return f"{prefix}{quote}{content}{quote}"
