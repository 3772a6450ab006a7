"""Tables in files: CSV, Parquet, Feather and NPZ, as columns by name, of which large ones are fetched one by one."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.arrow_files import of_feather, of_parquet
from chainrule.data.csv_files import of_csv
from chainrule.data.encoding import EncodingNotice
from chainrule.data.labels import is_missing
from chainrule.data.npz_files import of_npz
from chainrule.errors import ChainruleError, DataError, suggestion
from chainrule.inputs import opened
from chainrule.text import excerpt, one_line

LARGEST = 2**36
"""Bytes of the largest file, and of what one unpacks to."""


class Frame:
    """Columns (N,) by name; of some of a table's rows they are fetched one by one, as they are asked for.

    >>> frame = Frame({"age": np.array([31, 52]), "city": np.array(["Rome", "Oslo"])})
    >>> frame.columns, len(frame), frame["age"].tolist(), frame.take(np.array([1]))["city"].tolist()
    (('age', 'city'), 2, [31, 52], ['Oslo'])
    """

    def __init__(
        self, columns: Mapping[str, Any], rows: NDArray[np.intp] | None = None, name: str = "X"
    ) -> None:
        """Of ``columns``, arrays or what becomes one when it is asked for, all rows, or those by their numbers;
        messages call them ``name``."""
        self._columns, self.columns, self._rows, self.name = columns, tuple(columns), rows, name

    def __getitem__(self, name: str) -> Array:
        values = np.asarray(self._columns[name])
        return values if self._rows is None else values[self._rows]

    def __len__(self) -> int:
        return len(self._columns[self.columns[0]] if self._rows is None else self._rows)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(np.stack([self[name] for name in self.columns], axis=1), dtype)

    def without(self, *names: str) -> Frame:
        """The other columns."""
        left = {name: values for name, values in self._columns.items() if name not in names}
        return Frame(left, self._rows, self.name)

    def take(self, rows: NDArray[np.intp]) -> Frame:
        """Some of its rows, by their numbers."""
        return Frame(self._columns, rows if self._rows is None else self._rows[rows], self.name)


def read_frame(path: Path) -> Frame:
    """The columns of a table in a file, by its suffix.

    Raises:
        DataError: it cannot be read, is no table, or names of its columns are missing or stand twice.
        MissingExtraError: pyarrow, which reads Parquet and Feather, is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "people.csv"
    ...     _ = path.write_text("age,city\\n31,Rome\\n,Oslo\\n")
    ...     people = read_frame(path)
    >>> people["age"].tolist(), people["city"].tolist()
    ([31.0, nan], ['Rome', 'Oslo'])
    """
    shown = one_line(str(path))
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise DataError(f"{shown}: is no {known} file; write the table as one of these")
    with opened(path, LARGEST, DataError, "give a file with a table") as file:
        try:
            names, columns = reader(file)
        except ChainruleError:
            raise
        except (
            Exception
        ) as error:  # the libraries that read these forms have no one error for what they are not
            reason = one_line(str(error) or type(error).__name__, 200)
            form = path.suffix[1:]
            raise DataError(f"{shown}: cannot be read as {form}: {reason}; write it again") from error
    needless = {
        number: why for number, name in enumerate(names) if not name and (why := _needless(number, columns))
    }
    for number, why in needless.items():
        warnings.warn(
            f"{shown}: column {number} (from 0) has no name and {why}; it is left out",
            EncodingNotice,
            stacklevel=2,
        )
    names, columns = ([one for n, one in enumerate(each) if n not in needless] for each in (names, columns))
    problem = _problem(names, columns)
    if problem:
        raise DataError(f"{shown}: {problem}")
    return Frame(dict(zip(names, columns, strict=True)), name=shown)


def column_of(frame: Frame, name: str, option: str) -> Array:
    """A column's values (N,).

    Raises:
        DataError: there is none of that name; which name comes close.

    >>> column_of(Frame({"label": np.array([0, 1])}), "lable", "--target")
    Traceback (most recent call last):
    chainrule.errors.DataError: --target 'lable': is no column; did you mean 'label'?
    """
    if name not in frame.columns:
        raise DataError(f"{option} {excerpt(repr(name))}: is no column; {suggestion(name, frame.columns)}")
    return frame[name]


Columns = tuple[Sequence[str], Sequence[Any]]


def _needless(number: int, columns: Sequence[Any]) -> str | None:
    """Why a column without a name, which comes of how tables are written, can be left out; None where it cannot.

    Data frames write their index in front, whole numbers that come once each; spreadsheets columns without a cell."""
    values = np.asarray(columns[number])
    if number == 0 and values.dtype.kind in "iu" and len(np.unique(values)) == len(values):
        return "numbers the rows"
    is_empty = all(map(is_missing, values.tolist())) if values.dtype.kind in "fO" else False
    return "holds nothing" if is_empty and len(values) else None


def _problem(names: Sequence[str], columns: Sequence[Any]) -> str | None:
    """Why these are no table."""
    if not names:
        return "holds no columns; write a line of names and a line for each row"
    if "" in names:
        return f"column {names.index('')} (from 0) has no name; give it one, or write the table without it"
    (twice, count), *_ = Counter(names).most_common(1)
    if count > 1:
        return f"two columns are called {excerpt(repr(twice))}; give each a name of its own"
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        return f"its columns have {' and '.join(map(str, sorted(lengths)))} rows; give as many in each"
    return None if lengths != {0} else "holds no rows; give one or more"


_READERS: dict[str, Callable[[BinaryIO], Columns]] = {
    ".csv": of_csv,
    ".tsv": partial(of_csv, first="\t"),
    ".parquet": of_parquet,
    ".feather": of_feather,
    ".npz": partial(of_npz, largest=LARGEST),
}
