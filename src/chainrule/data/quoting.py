"""Text from untrusted files, made safe to print: one line, plain characters, bounded length."""

from __future__ import annotations

LONGEST = 60


def shown(text: object) -> str:
    """``text`` as at most 60 printable ASCII characters on one line, so that no file can steer a terminal."""
    if isinstance(text, bytes):
        text = text[: LONGEST + 1].decode("latin-1")
    plain = str(text)[: LONGEST + 1].encode("unicode_escape").decode("ascii")
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "..."
