"""Data for files that train on a table and ask it for its array: ``x.values``, ``y.to_numpy()``."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import meaning

TABLE = "table"
"""What makes one, in an expression that begins a training."""

_ASKED = {"values", "to_numpy", "iloc", "loc"}


class DataTable(np.ndarray):
    """An array that gives itself where a table's is asked for."""

    @property
    def values(self) -> Array:
        """As of a table."""
        return np.asarray(self)

    def to_numpy(self, *_: Any, **__: Any) -> Array:
        """As of a table."""
        return np.asarray(self)

    @property
    def iloc(self) -> Array:
        """As of a table, whose rows are picked by their places."""
        return np.asarray(self)

    loc = iloc


def table(array: Array) -> DataTable:
    """An array as a table.

    >>> table(np.eye(2)).values.shape, table(np.eye(2)).iloc[0].tolist()
    ((2, 2), [1.0, 0.0])
    """
    return np.asarray(array).view(DataTable)


def asks_for_table(file: Definitions) -> bool:
    """Whether a file asks inputs or labels for what tables alone have."""
    return any(
        meaning(name).role in ("inputs", "labels") and not _ASKED.isdisjoint(names)
        for function in file.functions
        for name, names in function.fields.items()
    )
