"""Ways to damage texts where their form says what stands there."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from support.mutated.changes import ANYWHERE, Draws

NASTY = (
    b"1e400", b"-1e400", b"9" * 400, b"9" * 5000, b"-" + b"9" * 400, b"1e-400", b"-1", b"0", b"NaN", b"nan",
    b"Infinity",
    b"-inf", b"null", b"true", b"{}", b"[]", b'""', b"[" * 100_000, b'{"a":' * 50_000, b"(" * 5000, b"-" * 20_000,
    b"[[1],[2,3],4]", b"\0", b"\\u0000", b'"\\ud800"', b"\xff\xfe", b"\xef\xbb\xbf", b"../../../../etc/passwd",
    b"/etc/passwd", b"/dev/zero", b"..", b"C:\\con", b"a" * 100_000, b"\n" * 50_000, b"," * 50_000, b'"', b"'''", b"#",
    b"1_000", b"0x10", b"1979-05-27", "é".encode(), "\u202e".encode(), b"\x1b[31m", b"=1+1", b"<script>", b"1.", b"--",
    b"a.b.c.d" * 2000, b"[[a]]\n", b"# -*- coding: punycode -*-\n", b"%s%n", b"__proto__", b"18446744073709551616",
)  # fmt: skip
"""What a form's tokens are replaced with."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 1e308, -1e308, 1e-320, float("nan"), float("inf"), 0.5, "",
    "a", "0",
    "\0", "../../x", "/etc/passwd", "x" * 100_000,
    "<b>&\"'", "\u202e\x1b[31m", [], {}, [[]], [None], [1, [2]], {"a": 1}, {"": None},
    [0] * 10_000, ["a"] * 1000,
)  # fmt: skip
"""What values of a document are replaced with."""

_TOKEN = re.compile(rb'"[^"\n]*"|[-+]?[\d.]+(?:e[-+]?\d+)?|\w+|[\[\]{}():,=#\n]')


def renamed(data: bytes, draws: Draws) -> bytes:
    """Some tokens of a text in the places of others, or something nasty."""
    for _ in range(int(draws.integers(1, 4))):
        tokens = [match.span() for match in _TOKEN.finditer(data[:200_000])]
        if not tokens:
            break
        start, stop = tokens[draws.integers(len(tokens))]
        first, last = tokens[draws.integers(len(tokens))]
        new = data[first:last] if draws.random() < 0.3 else NASTY[draws.integers(len(NASTY))]
        if draws.random() < 0.2 and data[start:stop].startswith(b'"'):
            new = b'"' + new.strip(b'"') + b'"'
        data = data[:start] + new + data[stop:]
    return data


def revalued(data: bytes, draws: Draws) -> bytes:
    """Some values of a JSON document replaced, gone, doubled or renamed."""
    document = [json.loads(data)]
    for _ in range(int(draws.integers(1, 3))):
        places = _places(document)
        holder, key = places[draws.integers(len(places))]
        what = draws.random()
        if what < 0.6:
            # Half of them of the same type: what reads the value goes further with these.
            alike = [value for value in VALUES if type(value) is type(holder[key])] if what < 0.3 else VALUES
            holder[key] = copy.deepcopy((alike or VALUES)[draws.integers(len(alike or VALUES))])
        elif what < 0.75 and holder is not document:
            del holder[key]
        elif what < 0.9:
            other, there = places[draws.integers(len(places))]
            holder[key] = copy.deepcopy(other[there])
        elif isinstance(holder, dict):
            holder[str(VALUES[draws.integers(len(VALUES))])[:50]] = holder.pop(key)
        else:
            holder.insert(key, copy.deepcopy(holder[key]))
    return json.dumps(document[0] if document else None).encode()


def _places(document: list[Any]) -> list[tuple[Any, Any]]:
    """Every place of a value: of long lists the first ones, so that what is rare is changed as often."""
    places, waiting = [], [document]
    while waiting:
        holder: Any = waiting.pop()
        keys = list(holder)[:50] if isinstance(holder, dict) else range(min(len(holder), 5))
        places += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], dict | list)]
    return places


_LITERALS = (
    b"0", b"-1", b"1", b"1e308", b"1e400", b"-1e400", b"1e-320", b"nan", b"inf", b"-inf", b"9223372036854775808",
    b"9" * 400, b"9" * 4000,
    b"true", b"[]", b"{}", b'""', b'"x"', b"'" + b"x" * 100_000 + b"'", b"1979-05-27", b"07:32:00", b"[1, [2.5, '']]",
    b"[" + b"1," * 5000 + b"]",
    b"{ a = 1 }", b'"\\u0000"', b'"../../x"', b"2_000_000_000", b"1000000", b"0.5",
)  # fmt: skip

_LITERAL = re.compile(rb'(?<== )(?:"[^"\n]*"|[-+\w.]+|\[[^]\n]*\]|\{[^}\n]*\})|(?<=[=,[] )[-+\d.e]+')


def reset(data: bytes, draws: Draws) -> bytes:
    """A value of a TOML document, or two, replaced by another one."""
    for _ in range(int(draws.integers(1, 3))):
        spans = [match.span() for match in _LITERAL.finditer(data)]
        start, stop = spans[draws.integers(len(spans))]
        data = data[:start] + _LITERALS[draws.integers(len(_LITERALS))] + data[stop:]
    return data


def lines_changed(data: bytes, draws: Draws) -> bytes:
    """A line of JSON, as in a journal, changed, doubled, gone or moved."""
    lines = data.splitlines(keepends=True)
    at = int(draws.integers(len(lines)))
    what = draws.random()
    if what < 0.6:
        lines[at] = revalued(lines[at], draws) + b"\n"
    elif what < 0.8:
        lines.insert(int(draws.integers(len(lines))), lines[at])
    else:
        del lines[at]
    return b"".join(lines)


TEXT = (*ANYWHERE, renamed, renamed, renamed, renamed)
TOML = (*ANYWHERE, renamed, renamed, *[reset] * 8)
JSON = (*ANYWHERE, renamed, renamed, *[revalued] * 16)
JSON_LINES = (*ANYWHERE, renamed, renamed, *[lines_changed] * 6)
