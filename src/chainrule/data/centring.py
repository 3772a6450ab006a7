"""A data frame's columns as float32 to train on: what each differs from its middle by, which loses little where numbers
lie far from 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.encoding import Encoding
from chainrule.data.values import numbers

_NOISE = 8 * np.finfo(np.float64).eps
"""Of a column's mean, what values may differ from it by rounding alone."""


@dataclass(frozen=True)
class CentredEncoding:
    """What made numbers of a data frame, and what was subtracted from the columns that they are.

    Attributes:
        encoding: the former.
        centre: the latter, (outputs,).
    """

    encoding: Encoding
    centre: NDArray[np.float64]

    def rows(self, X: Any, name: str = "X") -> NDArray[np.float32]:
        """Other rows of such a frame, less the same.

        Raises:
            DataError: as :func:`centred`.
        """
        return centred(self.encoding, X, name, self.centre)[0]


def centred(
    encoding: Encoding, X: Any, name: str = "X", centre: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float32], CentredEncoding]:
    """The rows of a frame as numbers less ``centre``, (N, outputs); None: less their own mean.

    Raises:
        DataError: as :meth:`chainrule.data.encoding.Encoding.rows`, or float32 has no room for a column.

    >>> from chainrule.data.encoding import NumberColumn
    >>> from chainrule.data.frames import Frame
    >>> times = Encoding((NumberColumn(name="second", fill=1.7e9, marked=False),))
    >>> rows, by = centred(times, Frame({"second": np.array([1.7e9, 1.7e9 + 2])}))
    >>> rows.ravel().tolist(), by.centre.tolist()
    ([-1.0, 1.0], [1700000001.0])
    """
    rows, at = np.empty((0, 0), np.float32), 0
    middle = np.zeros(len(encoding.outputs)) if centre is None else centre
    for column, values, encoded in encoding.each(X, name):
        if at == 0:
            rows = np.empty((len(values), len(middle)), np.float32)
        mine = slice(at, at + len(column.outputs))
        if centre is None:
            differences, middle[mine] = less_mean(encoded)
        else:
            differences = encoded - centre[mine]
        rows[:, mine] = numbers(differences, name, column.outputs, middle[mine])
        at = mine.stop
    return rows, CentredEncoding(encoding, middle)


def less_mean(X: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What rows (N, D) differ from their column's mean by, and the means (D,).

    >>> [part.tolist() for part in less_mean(np.array([[1.0, 0.1], [3.0, 0.1]]))]
    [[[-1.0, 0.0], [1.0, 0.0]], [2.0, 0.1]]
    """
    mean = X.mean(axis=0, dtype=np.float64)
    rows = X - mean
    rows[abs(rows) <= _NOISE * abs(mean)] = 0
    return rows, mean
