"""Text from elsewhere, made safe to print: one line, no control characters, bounded length."""

from __future__ import annotations

LONGEST = 60
LONGEST_LINE = 1000


def shown(text: object) -> str:
    """``text`` as at most 60 printable ASCII characters on one line, so that no file can steer a terminal."""
    if isinstance(text, bytes):
        text = text[: LONGEST + 1].decode("latin-1")
    plain = str(text)[: LONGEST + 1].encode("unicode_escape").decode("ascii")
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "..."


def one_line(text: str) -> str:
    """``text`` with control characters escaped, cut to 1000 characters."""
    escaped = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: LONGEST_LINE + 1]
    )
    return escaped if len(escaped) <= LONGEST_LINE else escaped[:LONGEST_LINE] + "..."
