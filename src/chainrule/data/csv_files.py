"""CSV files, read a part after the other: of a large table no more than that lies in memory as text.

The text is UTF-8, or UTF-16 where it begins with that form's mark, as spreadsheets write it. The first line names the
columns. One is of numbers where all that stands in it are numbers, of truths where all are
``true`` or ``false``, else of texts; what :data:`MISSING` holds is missing.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.oddness import is_number
from chainrule.data.spool import Spool, SpooledColumn, SpoolPlace

MISSING = frozenset(
    ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "Null", "null", "None")
)
"""What a cell says where it has no value."""

_TRUTHS = {"true": 1.0, "false": 0.0}

_GAPS, _TRUTH, _NUMBER, _TEXT = "gaps", "truth", "number", "text"
"""What a part of a column holds."""

_CELLS = 200_000
"""That are read together; each takes some 60 bytes as a text."""

_TOLD = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
"""A line in front of the names, in which spreadsheets are told the mark between cells."""

_LARGEST_WHOLE = 2**53
"""Whole numbers below are all different in float64."""


def of_csv(file: BinaryIO, first: str = "") -> tuple[list[str], list[Array | SpooledColumn]]:
    """Names and columns of a CSV file.

    Args:
        file: open at its first byte.
        first: the mark between cells where none is told, if it stands in the line of names; else it is the most
            frequent of the usual ones.

    Raises:
        ValueError: it is no table: why.
        DataError: there is no room for its numbers.
    """
    with io.TextIOWrapper(file, _encoding(file), newline="") as text, _decoding():
        lines, mark = _lines(text, first)
        names = _names(lines)
        if names and all(map(is_number, names)):
            raise ValueError("its first line holds numbers, not names of columns")
        spool = Spool()
        columns = [_CsvColumn(spool, mark) for _ in names]
        _fill(columns, lines)
        if any(column.is_late for column in columns):
            text.seek(0)
            lines, _ = _lines(text, first)
            _names(lines)
            columns = [
                _CsvColumn(spool, mark, is_text=True) if one.is_late else one.done() for one in columns
            ]
            _fill(columns, lines)
    return names, [column.values() for column in columns]


def _encoding(file: BinaryIO) -> str:
    first = file.read(2)
    file.seek(0)
    return "utf-16" if first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


@contextlib.contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        raise ValueError("its text is neither UTF-8 nor UTF-16") from None


def _lines(text: TextIO, first: str) -> tuple[Any, str]:
    """The lines of a file, cell by cell, and the mark that parts these."""
    heads = [text.readline()]
    while heads[-1].isspace():
        heads.append(text.readline())
    head = heads[-1]
    if "\0" in head:
        raise ValueError("it is no text, as it holds NUL characters")
    told = _TOLD.fullmatch(head)
    if told:
        # An empty line in its place: those below keep their numbers.
        heads[-1], mark = "\n", told[1]
    else:
        mark = first if first and first in head else max(",;\t|", key=head.count)
    lines = csv.reader(chain(heads, text), delimiter=mark, skipinitialspace=mark != " ", strict=True)
    return lines, mark


def _names(lines: Any) -> list[str]:
    """The cells of the first line that has any."""
    cells = ([cell.strip() for cell in line] for line in lines)
    return next(filter(any, cells), [])


def _fill(columns: Sequence[_CsvColumn], lines: Any) -> None:
    """Add the cells of all lines to the columns, some rows at a time."""
    rows: list[list[str]] = []
    # An empty line is no row, unless a row is a single cell, which may be missing.
    empty = [""] if len(columns) == 1 else []
    for line in filter(None, (line or empty for line in _read_lines(lines))):
        if len(line) != len(columns):
            raise ValueError(f"line {lines.line_num} has {len(line)} cells, the line of names {len(columns)}")
        rows.append(line)
        if len(rows) * len(columns) >= _CELLS:
            _add(columns, rows)
            rows = []
    if rows:
        _add(columns, rows)


def _read_lines(lines: Any) -> Iterator[list[str]]:
    """The lines; one that cannot be read is named."""
    try:
        yield from lines
    except csv.Error as error:
        raise ValueError(f"line {lines.line_num}: {error}") from None


def _add(columns: Sequence[_CsvColumn], rows: Sequence[Sequence[str]]) -> None:
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        column.add(cells)


class _CsvColumn:
    """A column as it is read: what its parts hold decides what it is."""

    def __init__(self, spool: Spool, mark: str, *, is_text: bool = False) -> None:
        self._spool, self._mark, self._is_done = spool, mark, False
        self._kinds = {_TEXT} if is_text else set()
        self._places: list[SpoolPlace] = []
        self._texts: list[str | None] = []
        self._same: dict[str, str] = {}
        self._count, self._is_whole = 0, True

    @property
    def is_late(self) -> bool:
        """Whether it turned out to hold texts when numbers of it had been read."""
        return len(self._kinds - {_GAPS}) > 1

    def done(self) -> _CsvColumn:
        """This one, which takes no more cells."""
        self._is_done = True
        return self

    def add(self, cells: Sequence[str]) -> None:
        """Some more cells."""
        if self._is_done or self.is_late:
            return
        if _TEXT not in self._kinds:
            kind, numbers, is_whole = _read(cells, self._mark)
            self._kinds.add(kind)
            self._is_whole &= is_whole
            if kind == _TEXT:
                self._texts = [None] * self._count
            else:
                self._places.append(self._spool.add(numbers))
        if _TEXT in self._kinds:
            stripped = (cell.strip() for cell in cells)
            # One text for all cells that hold the same.
            self._texts += [
                None if cell in MISSING else self._same.setdefault(cell, cell) for cell in stripped
            ]
        self._count += len(cells)

    def values(self) -> Array | SpooledColumn:
        """What it holds."""
        if _TEXT in self._kinds:
            return np.array(self._texts, object)
        if _TRUTH in self._kinds:
            return SpooledColumn(self._spool, self._places, np.float64, _truths)
        return SpooledColumn(self._spool, self._places, np.float64, _whole if self._is_whole else None)


def _read(cells: Sequence[str], mark: str) -> tuple[str, NDArray[np.float64], bool]:
    """What cells hold, as numbers with NaN where they are missing, unless it is texts; and whether all are whole.

    Between semicolons a number may have a decimal comma.
    """
    said = [cell.replace(",", ".") for cell in cells] if mark == ";" else cells
    try:
        numbers = np.array([*map(float, said)])
    except ValueError:
        return _read_with_gaps(said)
    joined = "".join(map(str.strip, said))
    if "_" in joined or np.isnan(numbers).all():
        return _read_with_gaps(said)
    are_whole = joined.replace("+", "").replace("-", "").isdecimal()
    return _NUMBER, numbers, are_whole and bool((abs(numbers) < _LARGEST_WHOLE).all())


def _read_with_gaps(cells: Iterable[str]) -> tuple[str, NDArray[np.float64], bool]:
    stripped = [cell.strip() for cell in cells]
    known = [cell for cell in stripped if cell not in MISSING]
    if not known:
        return _GAPS, np.full(len(stripped), np.nan), False
    if all(cell.lower() in _TRUTHS for cell in known):
        return _TRUTH, np.array([_TRUTHS.get(cell.lower(), np.nan) for cell in stripped]), False
    if all(map(is_number, known)):
        return _NUMBER, np.array([np.nan if cell in MISSING else float(cell) for cell in stripped]), False
    return _TEXT, np.empty(0), False


def _truths(numbers: Array) -> Array:
    """1 and 0 as truths, NaN as None."""
    missing = np.isnan(numbers)
    truths: Array = numbers == 1
    if missing.any():
        truths = truths.astype(object)
        truths[missing] = None
    return truths


def _whole(numbers: Array) -> Array:
    return numbers.astype(np.int64)
