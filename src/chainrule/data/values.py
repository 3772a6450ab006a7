"""Anybody's rows of numbers, checked and made bytes or float32; what is wrong is said by row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Images
from chainrule.errors import DataError
from chainrule.text import excerpt

Names = Sequence[str] | None

_BLOCK = 4096
"""Rows that are looked at together, so that no copy of a large table is made."""

_LOST = 0.01
"""Of a column's deviation, what rounding to float32 may move its values by."""


def numbers(
    X: Any,
    name: str = "X",
    columns: Sequence[str] | None = None,
    centre: NDArray[np.float64] | None = None,
) -> Images:
    """Rows of numbers (N, D) as bytes or float32: those that are so already as they are, others converted.

    Args:
        X: an array, mapped or in memory, a data frame, or lists.
        name: what messages call it.
        columns: what they call its columns; by default what a data frame does.
        centre: what was subtracted from its columns, (D,): messages add it, and how close values lie to each other is
            not asked, as what is left of them is as fine as it can be. None: nothing was.

    Raises:
        DataError: what :func:`table` says, or float32 cannot hold a column.

    >>> numbers([[1, 2.5]]).dtype.name, numbers(np.zeros((1, 2), np.uint8)).dtype.name
    ('float32', 'uint8')
    >>> try:
    ...     numbers([[1e9, 0], [1e9 + 1, 0]])
    ... except DataError as error:
    ...     print(error)
    X: column 0: float32 cannot tell its values apart, from 1000000000 to 1000000001; subtract its mean
    """
    array, names = table(X, name, columns), column_names(X, columns)
    if array.dtype == np.float32 or array.dtype == np.uint8:
        return array
    if array.dtype == bool:
        return array.astype(np.uint8)
    low, high = array.min(axis=0).astype(np.float64), array.max(axis=0).astype(np.float64)
    largest = np.maximum(abs(low), abs(high))
    limits = np.finfo(np.float32)
    outside = (largest > limits.max) | ((largest < limits.tiny) & (largest > 0))
    with np.errstate(over="ignore"):
        merged = (
            ~outside & (centre is None) & (largest * limits.eps > _LOST * array.std(axis=0, dtype=np.float64))
        )
    if centre is not None:
        low, high = low + centre, high + centre
    problems = [
        f"{name}: {_column(names, column)}: {why}, from {low[column]:.10g} to {high[column]:.10g}; {repair}"
        for lacking, why, repair in (
            (outside, "float32 has no room for its values", "divide it by its deviation"),
            (merged & (low < high), "float32 cannot tell its values apart", "subtract its mean"),
        )
        for column in np.flatnonzero(lacking).tolist()
    ]
    if problems:
        raise DataError(*problems)
    return array.astype(np.float32)


def table(X: Any, name: str = "X", columns: Sequence[str] | None = None) -> Array:
    """Rows of finite numbers (N, D) in their own type, which is no copy where they are an array of numbers.

    Raises:
        DataError: they are no table, there are none, or a value is missing, infinite or no number: which.

    >>> try:
    ...     table([[1.0, 2.0], [3.0, float("nan")]])
    ... except DataError as error:
    ...     print(error)
    X: row 1, column 1 (both from 0): holds NaN; fill it, as with sklearn.impute.SimpleImputer
    """
    if hasattr(X, "toarray"):
        raise DataError(f"{name}: is sparse; give it dense, as toarray() makes it")
    if np.ma.is_masked(X):
        raise DataError(f"{name}: holds masked values; fill them, as filled() does")
    try:
        array = np.asarray(X)
    except ValueError:
        raise DataError(f"{name}: its rows are not of one length; give as many values in each") from None
    names = column_names(X, columns)
    if array.ndim != 2:
        repair = "write reshape(-1, 1) for one column" if array.ndim == 1 else "flatten what a row holds"
        raise DataError(f"{name}: has shape {array.shape}, which is no table of rows and columns; {repair}")
    if 0 in array.shape:
        lacking = "rows" if array.shape[1] else "columns"
        raise DataError(f"{name}: has no {lacking}, its shape is {array.shape}; give some")
    if array.dtype.kind in "OUS":
        array = _parsed(array, name, names)
    if array.dtype.kind not in "biuf":
        raise DataError(f"{name}: holds {array.dtype}; give numbers")
    if array.dtype.kind == "f":
        _require_finite(array, name, names)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def weights(values: Any, rows: int, name: str = "weights") -> NDArray[np.float64] | None:
    """What rows weigh, (N,) in float64; None where all weigh the same, so that none has to be weighed.

    Raises:
        DataError: there is not one a row, one is below 0 or not finite, or all are 0.

    >>> weights([1, 2], rows=2).tolist(), weights([3, 3], rows=2)
    ([1.0, 2.0], None)
    >>> try:
    ...     weights([1, -2], rows=2)
    ... except DataError as error:
    ...     print(error)
    weights: row 1 (from 0): weighs -2; give 0 or more
    """
    if values is None:
        return None
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{name}: are no numbers; give one for each row") from None
    if array.shape != (rows,):
        raise DataError(f"{name}: have shape {array.shape} for {rows} rows; give one for each row")
    odd = ~(np.isfinite(array) & (array >= 0))
    if odd.any():
        row = int(np.argmax(odd))
        raise DataError(f"{name}: row {row} (from 0): weighs {array[row]:g}; give 0 or more")
    if not array.any():
        raise DataError(f"{name}: are zero, all of them; give some rows more")
    return None if (array == array[0]).all() else array


def column_names(X: Any, columns: Sequence[str] | None = None) -> tuple[str, ...] | None:
    """The names that are given, else those of a data frame; None where columns have none.

    >>> column_names(np.zeros((2, 3)), ["a", "b", "c"])
    ('a', 'b', 'c')
    """
    names = columns if columns is not None else _own_names(X)
    return None if names is None else tuple(map(str, names))


def column_keys(X: Any, name: str = "X") -> dict[str, Any] | None:
    """What a data frame's columns are fetched by, by their names; None where columns have none.

    Raises:
        DataError: two have one name.
    """
    names = _own_names(X)
    if names is None:
        return None
    keys = {str(one): one for one in names}
    if len(keys) < len(names):
        (twice, _), *_ = Counter(map(str, names)).most_common(1)
        raise DataError(f"{name}: two columns are called {excerpt(repr(twice))}; give each a name of its own")
    return keys


def _own_names(X: Any) -> Any:
    """Of Arrow's tables ``columns`` are the values."""
    return getattr(X, "column_names", getattr(X, "columns", None))


def _require_finite(array: Array, name: str, names: Names) -> None:
    first, count = None, 0
    for start in range(0, len(array), _BLOCK):
        odd = ~np.isfinite(array[start : start + _BLOCK])
        if odd.any():
            count += int(odd.sum())
            if first is None:
                row, column = np.argwhere(odd)[0].tolist()
                first = start + row, column
    if first is not None:
        value = array[first]
        shown, repair = ("NaN", "fill it") if np.isnan(value) else (str(value), "replace it")
        more = f", the first of {count} such values" if count > 1 else ""
        by = ", as with sklearn.impute.SimpleImputer" if repair == "fill it" else ""
        raise DataError(f"{name}: {place(names, *first)}: holds {shown}{more}; {repair}{by}")


def _parsed(array: Array, name: str, names: Names) -> Array:
    """What is kept as objects or text, as float64."""
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        pass
    for row, values in enumerate(array):
        for column, value in enumerate(values):
            try:
                float(value)
            except (TypeError, ValueError):
                raise DataError(
                    f"{name}: {place(names, row, column)}: holds {excerpt(repr(str(value)))}, which is no number; "
                    "encode it, as with sklearn.preprocessing.OneHotEncoder"
                ) from None
    raise DataError(f"{name}: holds {array.dtype}; give numbers")


def _column(names: Names, column: int) -> str:
    return (
        f"column {column}"
        if names is None or column >= len(names)
        else f"column {excerpt(repr(names[column]))}"
    )


def place(names: Names, row: int, column: int) -> str:
    """Where a value stands, in words.

    >>> place(["age", "height"], row=7, column=1)
    "row 7, column 'height' (rows count from 0)"
    """
    return f"row {row}, {_column(names, column)} ({'both' if names is None else 'rows count'} from 0)"
