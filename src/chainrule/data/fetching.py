"""Data frames of libraries that hold their values elsewhere, or compute them when asked: fetched, as frames in memory.

Those of pandas, polars and Arrow are taken as they are, by names and columns; what more there is, such as queries of
polars, DuckDB, dask, Ibis, Spark, frames on a graphics card, narwhals knows how to fetch.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.errors import DataError, needs
from chainrule.text import excerpt


def fetched(X: Any) -> Any:
    """A frame in memory; what is one already, or is none, as it is.

    Raises:
        DataError: it is a text, such as the path of a file, or a dictionary.
        MissingExtraError: it has to be fetched, and narwhals is not installed.

    >>> rows = np.zeros((2, 2))
    >>> fetched(rows) is rows
    True
    """
    if isinstance(X, str | Path):
        raise DataError(
            f"{excerpt(repr(str(X)))}: is a text, where rows are wanted; read them first, as pandas.read_csv does"
        )
    # One kind of sparse matrices is a dictionary, too.
    if isinstance(X, Mapping) and not hasattr(X, "toarray"):
        raise DataError(
            "a dictionary: stands where rows are wanted; make a data frame of it, as pandas.DataFrame does"
        )
    # A query asked for its columns may already be computed: its type is asked.
    if isinstance(X, np.ndarray | list | tuple) or hasattr(X, "__array__") or not hasattr(type(X), "columns"):
        return X
    with needs("data frames of this kind", "tables"):
        import narwhals
    frame = narwhals.from_native(X, pass_through=True)
    if isinstance(frame, narwhals.LazyFrame):
        return frame.collect().to_native()
    return frame.to_arrow() if isinstance(frame, narwhals.DataFrame) else X
