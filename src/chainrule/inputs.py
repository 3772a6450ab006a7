"""What anybody may have made, read without trust: regular files alone, sizes before contents, texts up to a limit.

A path may lead to a device without end, a pipe that nobody writes to, or a file that grows while it is read; a text
may hold brackets a million deep. Whatever reads a file of the user's or of a stranger's reads it by this module, and
refuses it in a line of its own class of error.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import re
import stat
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

from chainrule.errors import ChainruleError
from chainrule.text import encodable, excerpt, one_line

FailureClass = Callable[[str], ChainruleError]
"""The class of error that a refusal is of."""

MOST_VALUES = 4_000_000
"""Brackets and commas of a JSON text, each of which costs up to a hundred bytes once it is parsed."""

DEEPEST = 100
"""Levels of a JSON or TOML document; deeper ones overflow the stack of whatever walks over them."""

LONGEST_NUMBER = 300
"""Characters of a whole number; longer ones are no floats, and Python refuses to read the longest."""

_PART = 2**20

_PART_OF_KEY = r"""(?:[\w-]++|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"{_PART_OF_KEY}(?:[ \t]*+\.[ \t]*+{_PART_OF_KEY})*+")
"""A key of a TOML document, with dots between its parts; numbers and texts look like some, of few parts."""

_KINDS = {
    stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}  # fmt: skip


class _NotRead(Exception):
    """Why a file is not read."""


@contextlib.contextmanager
def opened(
    path: Path, limit: int, failure: FailureClass, repair: str, *, any_name: bool = False
) -> Iterator[BufferedReader]:
    """A regular file of at most ``limit`` bytes, open at its first byte; links are followed.

    Nothing else is opened: to open a pipe waits for a writer, to open a device may do what it is there for.

    Args:
        path: where it lies.
        limit: its largest size in bytes.
        failure: what a refusal is raised as.
        repair: what the user can do.
        any_name: whether its name may be no UTF-8, for who writes it nowhere (:func:`chainrule.text.encodable`).

    Raises:
        ChainruleError: of the class ``failure``: it is missing, cannot be read, is no file, or is too large.

    >>> from chainrule.errors import DataError
    >>> with opened(Path("/dev/null"), 100, DataError, "give a file"):
    ...     pass
    Traceback (most recent call last):
    chainrule.errors.DataError: /dev/null: is a device; give a file
    """
    try:
        with _regular(path, limit, any_name) as file:
            yield file
    except _NotRead as refusal:
        raise failure(f"{one_line(str(path))}: {refusal}; {repair}") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise failure(f"{one_line(str(path))}: cannot be read: {reason}; {repair}") from error


def _regular(path: Path, limit: int, any_name: bool) -> BufferedReader:
    name = str(path)
    if "\0" in name:
        raise _NotRead("its name holds a NUL character")
    if not any_name and encodable(name) != name:
        raise _NotRead("its name is not UTF-8")
    _require_regular(path.stat())
    # What lies there now may be something else: it is not waited for, and looked at once more.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    )
    # By its name, not by its number: who reads it says with ``file.name`` what cannot be read.
    file: BufferedReader = BufferedReader(FileIO(path, "rb", opener=lambda name, _: os.open(name, flags)))
    try:
        status = os.fstat(file.fileno())
        _require_regular(status)
        if status.st_size > limit:
            raise _NotRead(_too_large(limit))
    except BaseException:
        file.close()
        raise
    return file


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _NotRead(f"is {_KINDS.get(stat.S_IFMT(status.st_mode), 'no regular file')}")


def _too_large(limit: int) -> str:
    size = f"{limit / 2**20:g} MB" if limit >= 2**20 else f"{limit} bytes"
    return f"has more than {size}"


def read_bytes(
    path: Path, limit: int, failure: FailureClass, repair: str, *, any_name: bool = False
) -> bytes:
    """All bytes of a file, never more than ``limit`` of them; see :func:`opened`."""
    with opened(path, limit, failure, repair, any_name=any_name) as file:
        # Room is made for what is asked for, so no more than the file has; what grows meanwhile, or whose size the
        # system does not know, is read on in parts.
        size = os.fstat(file.fileno()).st_size
        data = file.read(min(size, limit) + 1)
        while size < len(data) <= limit and (more := file.read(_PART)):
            data += more
        if len(data) > limit:
            raise _NotRead(_too_large(limit))
        return data


def read_json(path: Path, limit: int, failure: FailureClass, repair: str) -> Any:
    """The JSON document in a file; see :func:`opened` and :func:`parsed_json`."""
    return _parsed(path, parsed_json, "JSON", limit, failure, repair)


def read_toml(path: Path, limit: int, failure: FailureClass, repair: str) -> dict[str, Any]:
    """The TOML document in a file; see :func:`opened` and :func:`parsed_toml`."""
    document: dict[str, Any] = _parsed(path, parsed_toml, "TOML", limit, failure, repair)
    return document


def _parsed(
    path: Path, parse: Callable[[bytes], Any], form: str, limit: int, failure: FailureClass, repair: str
) -> Any:
    data = read_bytes(path, limit, failure, repair)
    try:
        return parse(data)
    except ValueError as error:
        raise failure(f"{one_line(str(path))}: is not {form}: {error}; {repair}") from error


def decoded(data: bytes) -> str:
    """Text in UTF-8 or, as spreadsheets write it, UTF-16 or Windows' Latin letters.

    >>> decoded("träff".encode("cp1252"))
    'träff'
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def parsed_json(data: bytes) -> Any:
    """The document that JSON text says, in UTF-8, UTF-16 or UTF-32.

    A whole number beyond all floats is infinite, as others beyond them are; NaN and Infinity are read, as programs
    write them. What two readers could take for two things is refused: a key that stands twice in an object.

    Raises:
        ValueError: why it is none or too much of one, in a line.

    >>> parsed_json(b'{"loss": [1, 1e400]}')
    {'loss': [1, inf]}
    >>> parsed_json(b"[" * 1_000_000)
    Traceback (most recent call last):
    ValueError: brackets are nested too deeply
    """
    with _told():
        text = data.decode(json.detect_encoding(data))
        if sum(map(text.count, "[{,")) > MOST_VALUES:
            raise ValueError(f"it holds more than {MOST_VALUES} values")
        document = json.loads(text, parse_int=_whole, object_pairs_hook=_object)
        _require_shallow(document)
        if re.search(r"\\u[dD][89a-fA-F]", text):
            # Half of a character that JSON writes in two: nothing can print or store it.
            json.dumps(document, ensure_ascii=False).encode()
        return document


def parsed_toml(data: bytes) -> dict[str, Any]:
    """The document that TOML text says, in UTF-8.

    Raises:
        ValueError: why it is none or too much of one, in a line.
    """
    with _told():
        text = data.decode("utf-8-sig")
        # The parser's time and memory grow with the square of the parts of a key.
        if any(len(re.findall(_PART_OF_KEY, key[0])) > DEEPEST for key in _KEY.finditer(text)):
            raise ValueError("a key has too many parts")
        document = tomllib.loads(text)
        _require_shallow(document)
        return document


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Whatever a parser raises as a ValueError of one short line."""
    try:
        yield
    except UnicodeError as error:
        raise ValueError(f"it is no UTF-8 text: {one_line(str(error), 200)}") from error
    except RecursionError as error:
        raise ValueError("brackets are nested too deeply") from error
    except ValueError as error:
        raise ValueError(one_line(str(error), 200)) from error


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"key '{excerpt(twice)}' stands twice in one object")
    return entries


def _require_shallow(document: Any) -> None:
    level, depth = [document], 0
    while level := [
        inner
        for outer in level
        for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
        if isinstance(inner, dict | list)
    ]:
        depth += 1
        if depth >= DEEPEST:
            raise ValueError("brackets are nested too deeply")
