"""Columns of NPZ files: of a large table no more than some of its rows lies in memory twice."""

from __future__ import annotations

from typing import BinaryIO

from chainrule import npz
from chainrule.arrays import Array
from chainrule.data.spool import Spool, SpooledColumn, SpoolPlace
from chainrule.text import excerpt

_MOST_ARRAYS = 20_000

_AT_ONCE = 16 * 2**20
"""Bytes that are read together."""


def of_npz(file: BinaryIO, largest: int) -> tuple[list[str], list[Array | SpooledColumn]]:
    """Names and columns of an archive: an array (N,) is a column, one (N, D) is D of them, which get its name with
    numbers from 0.

    Args:
        file: open at its first byte.
        largest: how many bytes its arrays may take together.

    Raises:
        ValueError: it is no table: why.
        DataError: there is no room for its numbers.
    """
    names: list[str] = []
    columns: list[Array | SpooledColumn] = []
    spool = Spool()
    for name, array in npz.packed(file, _MOST_ARRAYS, largest):
        if len(array.shape) == 1:
            names.append(name)
            columns.append(array.whole())
        elif len(array.shape) == 2:
            names += [f"{name}{number}" for number in range(array.shape[1])]
            columns += [SpooledColumn(spool, places, array.dtype) for places in _spooled(array, spool)]
        else:
            raise ValueError(
                f"array '{excerpt(name)}' has shape {array.shape}, which is no column and no table"
            )
    return names, columns


def _spooled(array: npz.PackedArray, spool: Spool) -> list[list[SpoolPlace]]:
    """Where the columns of an array (N, D) lie, part by part."""
    rows, width = array.shape
    if array.by_columns:
        return [[spool.add(array.values(rows))] for _ in range(width)]
    places: list[list[SpoolPlace]] = [[] for _ in range(width)]
    step = max(1, _AT_ONCE // max(1, width * array.dtype.itemsize))
    for start in range(0, rows, step):
        count = min(step, rows - start)
        block = array.values(count * width).reshape(count, width)
        for own, values in zip(places, block.T, strict=True):
            own.append(spool.add(values))
    return places
