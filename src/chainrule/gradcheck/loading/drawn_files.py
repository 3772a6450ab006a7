"""What stands in for a file of data that is not there: a text drawn at random.

A gradient is right for any data or for none, and a net of characters is as good with four of them as with eighty. So a
class whose constructor reads the book that it is to learn can be made where nobody has handed in the book.
"""

from __future__ import annotations

import builtins
import io
import ntpath
import os
import random
from typing import IO, Any

LETTERS = "abcd"
"""What the text is made of: as many characters as recognition gives a net of characters."""

_LENGTH = 400
_TEXTS = (".txt", ".text")

_drawn: dict[str, None] = {}


def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> IO[Any]:
    """The file as ``open`` gives it; of a text that is not there, to be read, one that is drawn.

    Raises:
        OSError: it is not there, and is no text or is to be written.

    >>> sorted(set(opened("no_such_book.txt").read()))
    ['a', 'b', 'c', 'd']
    """
    try:
        return builtins.open(file, mode, *arguments, **options)  # noqa: PTH123
    except OSError:
        name = ntpath.basename(os.fspath(file)) if isinstance(file, str | os.PathLike) else ""
        if not str(name).lower().endswith(_TEXTS) or not {*mode} <= {*"rtbU"}:
            raise
    _drawn[str(name)] = None
    text = "".join(random.Random(0).choices(LETTERS, k=_LENGTH))
    return io.BytesIO(text.encode()) if "b" in mode else io.StringIO(text)


def told() -> list[str]:
    """What stood in so far, in words."""
    return [f"{name} is not there: a text of {len(LETTERS)} letters stands in" for name in _drawn]
