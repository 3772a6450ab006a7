"""What stands in for a file of data that is not there: a text drawn at random.

A gradient is right for any data or for none, and a net of characters is as good with four of them as with eighty. So a
class whose constructor reads the book that it is to learn can be made where nobody has handed in the book. A file that
knows what to do without its text does that: a text stands in only where the want of it has ended the making of an
object.
"""

from __future__ import annotations

import builtins
import io
import ntpath
import os
import random
from collections.abc import Callable, Mapping
from typing import IO, Any, TypeVar

ByNames = TypeVar("ByNames")

LETTERS = "abcd"
"""What the text is made of: as many characters as recognition gives a net of characters."""

_LENGTH = 400
_TEXTS = (".txt", ".text")


class TextOpener:
    """The ``open`` of a file's modules, which opens as Python's does until :func:`made` asks for more.

    >>> opener = TextOpener()
    >>> opener("no_such_book.txt")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no_such_book.txt'
    >>> sorted(set(made(lambda: opener("no_such_book.txt").read(), {"open": opener})))
    ['a', 'b', 'c', 'd']
    """

    def __init__(self) -> None:
        self._missed: set[str] = set()
        self._drawn: dict[str, None] = {}

    def __call__(self, file: Any, mode: str = "r", *arguments: Any, **options: Any) -> IO[Any]:
        """The file; of a text that was missed before, to be read, one that is drawn.

        Raises:
            OSError: it is not there, or cannot be opened.
        """
        try:
            return builtins.open(file, mode, *arguments, **options)  # noqa: PTH123
        except OSError:
            path = _path(file)
            if path not in self._missed or not {*mode} <= {*"rtbU"}:
                raise
        self._drawn[ntpath.basename(path)] = None
        text = "".join(random.Random(0).choices(LETTERS, k=_LENGTH))
        return io.BytesIO(text.encode()) if "b" in mode else io.StringIO(text)

    def misses(self, error: OSError) -> bool:
        """Whether what was raised says that a text is not there, one that is drawn from now on."""
        path = _path(error.filename)
        if path in self._missed or not path.lower().endswith(_TEXTS):
            return False
        self._missed.add(path)
        return True

    def told(self) -> list[str]:
        """What stood in so far, in words."""
        return [f"{name} is not there: a text of {len(LETTERS)} letters stands in" for name in self._drawn]


def made(make: Callable[[], ByNames], namespace: Mapping[str, Any]) -> ByNames:
    """What is made of a module's names; where a text that is not there ends that, it is made again with one drawn.

    Args:
        make: what makes it, as often as a further text lacks.
        namespace: the module's own.
    """
    opener = namespace.get("open")
    while True:
        try:
            return make()
        except OSError as error:
            if not (isinstance(opener, TextOpener) and opener.misses(error)):
                raise


def told(namespace: Mapping[str, Any]) -> list[str]:
    """What stood in so far for texts that a module's objects read, in words."""
    opener = namespace.get("open")
    return opener.told() if isinstance(opener, TextOpener) else []


def _path(file: Any) -> str:
    """A path as text; empty for what is none."""
    return str(os.fspath(file)) if isinstance(file, str | os.PathLike) else ""
