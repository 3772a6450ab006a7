"""Columns of Parquet and Feather files, read when they are asked for: all of a large table may be more than there is
room for."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import DataError, needs
from chainrule.text import excerpt, one_line

_EXTRA = "Parquet and Feather files", "tables"

_PARTS = 100
"""In which a table is read, of one column at least: reading any looks at the names of all. Threads of Arrow's take no
part: where one still waits for a file of Python's when the interpreter ends, the process aborts."""


class ArrowColumn:
    """A column (N,), read with those beside it when it is made an array.

    Raises:
        DataError: when it cannot be read.
    """

    def __init__(self, file: _ColumnFile, number: int) -> None:
        self._file, self._number = file, number

    def __len__(self) -> int:
        return self._file.count

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return self._file.column(self._number)


class _ColumnFile:
    """An open file, and the part of its columns that was read last."""

    def __init__(self, path: str, names: Sequence[str], count: int, read: Callable[[list[int]], Any]) -> None:
        """Of ``count`` rows; ``read`` gives some of the columns by their numbers."""
        self._path, self.names, self.count, self._read = path, names, count, read
        self._wide, self._first, self._part = -(-len(names) // _PARTS) or 1, -1, None

    def column(self, number: int) -> Array:
        first = number - number % self._wide
        try:
            if first != self._first:
                self._part = None
                self._part = self._read([*range(first, min(first + self._wide, len(self.names)))])
                self._first = first
            return _array_of(self._part.column(self.names[number]))  # type: ignore[attr-defined]
        except Exception as error:  # there is no one error for what cannot be read
            reason = one_line(str(error) or type(error).__name__, 200)
            name = excerpt(repr(self.names[number]))
            raise DataError(
                f"{self._path}: column {name}: cannot be read: {reason}; write the table again"
            ) from error


def of_parquet(file: BinaryIO) -> tuple[list[str], list[ArrowColumn]]:
    """Names and columns of a Parquet file, which may be closed then."""
    with needs(*_EXTRA):
        from pyarrow import parquet
    with _kept(file) as own:
        table = parquet.ParquetFile(own, pre_buffer=False)
        names = _named(table.schema_arrow)
        return _columns(
            own,
            file.name,
            names,
            table.metadata.num_rows,
            lambda part: table.read([names[i] for i in part], use_threads=False),
        )


def of_feather(file: BinaryIO) -> tuple[list[str], list[ArrowColumn]]:
    """Names and columns of a Feather file, which may be closed then."""
    with needs(*_EXTRA):
        import pyarrow
        from pyarrow import feather, ipc
    with _kept(file) as own:
        try:
            names = ipc.open_file(own).schema.names
        except pyarrow.ArrowInvalid:
            # Those of version 1 are read whole.
            own.seek(0)
            table = feather.read_table(own)
            return _columns(own, file.name, table.column_names, len(table), lambda part: table)

        def read(part: list[int]) -> Any:
            return ipc.open_file(
                own, options=ipc.IpcReadOptions(included_fields=part, use_threads=False)
            ).read_all()

        return _columns(own, file.name, names, len(read([0])) if names else 0, read)


def _named(schema: Any) -> list[str]:
    """The names of columns, without what pandas wrote of an index that has none, which it does not read as one."""
    about = schema.pandas_metadata or {}
    index = {
        one["field_name"]
        for one in about.get("columns", ())
        if one["name"] is None and one["field_name"] in about.get("index_columns", ())
    }
    return [name for name in schema.names if name not in index]


@contextlib.contextmanager
def _kept(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file that stays open when who opened it closes it, unless it cannot be read."""
    own = os.fdopen(os.dup(file.fileno()), "rb")
    try:
        yield own
    except BaseException:
        own.close()
        raise


def _columns(
    own: BinaryIO, path: str, names: list[str], count: int, read: Callable[[list[int]], Any]
) -> tuple[list[str], list[ArrowColumn]]:
    """Columns of a file that is closed when the last of them is gone."""
    source = _ColumnFile(one_line(str(path)), names, count, read)
    weakref.finalize(source, own.close)
    return names, [ArrowColumn(source, number) for number in range(len(names))]


def _array_of(column: Any) -> Array:
    from pyarrow import types

    plain = column.cast(column.type.value_type) if types.is_dictionary(column.type) else column
    return np.asarray(plain.to_numpy())
