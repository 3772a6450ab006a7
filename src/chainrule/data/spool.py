"""Numbers that are put aside: those of a small table in memory, of a large one in a file without a name, so that what
is made of them lies there alone."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from chainrule.arrays import Array
from chainrule.errors import DataError

IN_MEMORY = 64 * 2**20
"""Bytes that stay in memory."""

SpoolPlace = tuple[int, int]
"""Where numbers begin, and how many bytes they take."""


class Spool:
    """Keeps numbers, part after part.

    >>> spool = Spool()
    >>> places = [spool.add(np.arange(3)), spool.add(np.arange(2))]
    >>> spool.numbers(places, np.int64).tolist()
    [0, 1, 2, 0, 1]
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open as long as this is there
        weakref.finalize(self, self._file.close)

    def add(self, values: Array) -> SpoolPlace:
        """Put numbers (N,) aside.

        Raises:
            DataError: there is no room for them.
        """
        data = values.tobytes()
        try:
            start = self._file.seek(0, 2)
            self._file.write(data)
        except OSError as error:
            raise DataError(
                f"{tempfile.gettempdir()}: has no room for the numbers of a large table: {error.strerror}; make some, "
                "or set TMPDIR to another folder"
            ) from error
        return start, len(data)

    def numbers(self, places: Sequence[SpoolPlace], dtype: DTypeLike) -> Array:
        """What lies in some places, one after the other."""
        whole = bytearray()
        for start, size in places:
            self._file.seek(start)
            whole += self._file.read(size)
        return np.frombuffer(whole, dtype)


class SpooledColumn:
    """A column (N,) that is fetched when it is made an array.

    >>> spool = Spool()
    >>> np.asarray(SpooledColumn(spool, [spool.add(np.arange(3.0))], np.float64, np.sqrt)).round(1).tolist()
    [0.0, 1.0, 1.4]
    """

    def __init__(
        self,
        spool: Spool,
        places: Sequence[SpoolPlace],
        dtype: DTypeLike,
        finish: Callable[[Array], Array] | None = None,
    ) -> None:
        """Of numbers of a type in a spool, of which ``finish`` makes what the column holds."""
        self._spool, self._places, self._dtype, self._finish = spool, places, np.dtype(dtype), finish

    def __len__(self) -> int:
        return sum(size for _, size in self._places) // self._dtype.itemsize

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        numbers = self._spool.numbers(self._places, self._dtype)
        return numbers if self._finish is None else self._finish(numbers)
