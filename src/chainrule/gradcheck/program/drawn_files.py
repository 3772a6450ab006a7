"""What stands in for a file of data that is not there: a text or images drawn at random.

A gradient is right for any data or for none, and a net of characters is as good with four of them as with eighty. So a
class whose constructor reads the book that it is to learn can be made where nobody has handed in the book, and a
training loop can be watched where nobody has handed in the images. A file that knows what to do without its data does
that: what is drawn stands in only where the want of it has ended the making of an object, or in a run that is watched.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import io
import ntpath
import os
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, TypeVar

import numpy as np

from chainrule.gradcheck.program import drawn_data

ByNames = TypeVar("ByNames")

_open = builtins.open

_READERS = ("loadtxt", "genfromtxt")
"""What of NumPy's reads files that it looks for itself."""


class FileOpener:
    """The ``open`` of a file's modules, which opens as Python's does until :func:`made` asks for more.

    >>> opener = FileOpener()
    >>> opener("no_such_book.txt")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no_such_book.txt'
    >>> sorted(set(made(lambda: opener("no_such_book.txt").read(), {"open": opener})))
    [' ', 'a', 'b', 'c']
    """

    def __init__(self) -> None:
        self._missed: set[str] = set()
        self._drawn: dict[str, str] = {}
        self._draws_all = False
        self._characters = len(drawn_data.LETTERS)

    def __call__(self, file: Any, mode: str = "r", *arguments: Any, **options: Any) -> IO[Any]:
        """The file; of data that were missed before, to be read, some that are drawn.

        Raises:
            OSError: it is not there, or cannot be opened.
        """
        try:
            return _open(file, mode, *arguments, **options)
        except OSError:
            path = _path(file)
            drawn = (
                drawn_data.content(path, self._characters)
                if self._draws_all or path in self._missed
                else None
            )
            if drawn is None or not {*mode} <= {*"rtbU"}:
                raise
        data, words = drawn
        self._drawn[ntpath.basename(path)] = words
        return drawn_data.opened(data, mode)

    @contextlib.contextmanager
    def drawing(self, characters: int) -> Iterator[None]:
        """Within it, data are drawn for every file that is not there, whoever opens it; texts of so many characters."""
        self._draws_all, before = True, self._characters
        self._characters = characters
        builtins.open = io.open = self  # type: ignore[assignment]
        readers = {name: getattr(np, name) for name in _READERS}
        for name, read in readers.items():
            setattr(np, name, self._reading(read))
        try:
            yield
        finally:
            self._draws_all, self._characters = False, before
            builtins.open = io.open = _open
            for name, read in readers.items():
                setattr(np, name, read)

    def _reading(self, read: Callable[..., Any]) -> Callable[..., Any]:
        """The same, which reads what is drawn where a file is not there."""

        @functools.wraps(read)
        def called(file: Any, *arguments: Any, **options: Any) -> Any:
            try:
                return read(file, *arguments, **options)
            except OSError:
                if not _path(file):
                    raise
                with self(file) as drawn:
                    return read(drawn, *arguments, **options)

        return called

    def misses(self, error: OSError) -> bool:
        """Whether what was raised says that data are not there, which are drawn from now on."""
        path = _path(error.filename)
        if path in self._missed or drawn_data.content(path) is None:
            return False
        self._missed.add(path)
        return True

    def told(self) -> list[str]:
        """What stood in so far, in words."""
        return [f"{name} is not there: in its place {words}" for name, words in self._drawn.items()]


@contextlib.contextmanager
def drawing(namespace: Mapping[str, Any], characters: int = len(drawn_data.LETTERS)) -> Iterator[None]:
    """Within it, data are drawn for the files that a module, or what it calls, misses; texts of so many characters."""
    opener = namespace.get("open")
    with opener.drawing(characters) if isinstance(opener, FileOpener) else contextlib.nullcontext():
        yield


def made(make: Callable[[], ByNames], namespace: Mapping[str, Any]) -> ByNames:
    """What is made of a module's names; where data that are not there end that, it is made again with some drawn.

    Args:
        make: what makes it, as often as further data lack.
        namespace: the module's own.
    """
    while True:
        try:
            return make()
        except OSError as error:
            if not misses(error, namespace):
                raise


def misses(error: BaseException | None, namespace: Mapping[str, Any]) -> bool:
    """Whether what a module's code raised says that data are not there, which are drawn for it from now on."""
    opener = namespace.get("open")
    return isinstance(error, OSError) and isinstance(opener, FileOpener) and opener.misses(error)


def told(namespace: Mapping[str, Any]) -> list[str]:
    """What stood in so far for data that a module's objects read, in words."""
    opener = namespace.get("open")
    return opener.told() if isinstance(opener, FileOpener) else []


def _path(file: Any) -> str:
    """A path as text; empty for what is none."""
    return str(os.fspath(file)) if isinstance(file, str | os.PathLike) else ""
