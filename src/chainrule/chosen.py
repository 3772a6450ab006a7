"""Rows of tables in an order of their own, fetched as they are asked for, so that no large table is copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

COPIED = 64 * 2**20
"""Bytes of a table, below which it is copied, so that what is done to it later changes nothing."""

BLOCK = 4096
"""Rows that are fetched together, where all are looked at."""


class ChosenRows(np.lib.mixins.NDArrayOperatorsMixin):
    """Rows (N, D) of tables, read-only. Indices of rows give arrays; what else an array can do, a copy of all does.

    >>> rows = ChosenRows([np.array([[1, 2], [3, 4]]), np.array([[5, 6]])], np.array([2, 0]))
    >>> rows.shape, rows[0].tolist(), rows[np.array([1, 0])].tolist(), rows.max().item()
    ((2, 2), [5, 6], [[1, 2], [5, 6]], 6)

    Attributes:
        tables: where they lie, (M, D) each, of one type.
        rows: which they are, (N,), counted through all tables.
        shape: (N, D).
        dtype: of all tables.
    """

    def __init__(self, tables: Sequence[NDArray[Any]], rows: NDArray[np.intp]) -> None:
        self.tables, self.rows = tuple(tables), rows
        self._stops = np.cumsum([len(table) for table in tables])
        self.shape, self.dtype = (len(rows), tables[0].shape[1]), np.result_type(*tables)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, tuple):
            return self[:][index]
        rows = self.rows[index]
        if len(self.tables) == 1:
            return self.tables[0][rows]
        of_table = np.searchsorted(self._stops, rows, side="right")
        fetched = np.empty((*rows.shape, self.shape[1]), self.dtype)
        for number, table in enumerate(self.tables):
            mine = of_table == number
            fetched[mine] = table[rows[mine] - (self._stops[number] - len(table))]
        return fetched

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        whole = [np.asarray(one) if isinstance(one, ChosenRows) else one for one in inputs]
        return getattr(ufunc, method)(*whole, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self[:], name)

    def part(self, rows: slice) -> ChosenRows:
        """Some of these, not fetched either; of one table, where they lie in one.

        >>> halves = ChosenRows([np.array([[1.0]]), np.array([[2.0], [3.0]])], np.array([0, 2, 1])).part(slice(1, 3))
        >>> [array.tolist() for array in lying(halves)]
        [[[2.0], [3.0]], [1, 0]]
        """
        some = self.rows[rows]
        for table, stop in zip(self.tables, self._stops, strict=True):
            start = stop - len(table)
            if len(some) and start <= some.min() and some.max() < stop:
                return ChosenRows([table], some - start)
        return ChosenRows(self.tables, some)


def ordered(tables: Sequence[NDArray[Any]], order: NDArray[np.intp]) -> Any:
    """The rows of all tables in an order, read-only; large tables are not copied where they lie row by row.

    >>> ordered([np.array([[1], [2]]), np.array([[3]])], np.array([2, 0])).tolist()
    [[3], [1]]
    """
    if len(tables) == 1 and np.array_equal(order, np.arange(len(tables[0]))):
        rows = _kept(tables[0], tables[0].dtype).view()
        rows.flags.writeable = False
        return rows
    dtype = np.result_type(*(table.dtype for table in tables))
    return ChosenRows([_kept(table, dtype) for table in tables], order)


def _kept(table: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    small = table.nbytes < COPIED
    return np.array(table, dtype, order="C") if small else np.ascontiguousarray(table, dtype)


def blocks(rows: NDArray[Any] | ChosenRows) -> Iterator[NDArray[Any]]:
    """A few thousand rows after the other, fetched one by one.

    >>> [len(block) for block in blocks(np.zeros((5000, 1)))]
    [4096, 904]
    """
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def part_of(rows: NDArray[Any] | ChosenRows, which: slice) -> Any:
    """Rows one behind the other, which are no copy.

    >>> part_of(np.array([[1], [2], [3]]), slice(1, 3)).tolist()
    [[2], [3]]
    """
    return rows.part(which) if isinstance(rows, ChosenRows) else rows[which]


def lying(rows: NDArray[Any] | ChosenRows) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """A table (M, D), and which of its rows these are, (N,): no copy, but of rows that lie in several tables.

    >>> [array.tolist() for array in lying(np.array([[1], [2]]))]
    [[[1], [2]], [0, 1]]
    """
    if isinstance(rows, ChosenRows) and len(rows.tables) == 1:
        return rows.tables[0], rows.rows
    return np.asarray(rows), np.arange(len(rows))
