"""What an estimator is given, as a data set: a table of any numbers, centred where float32 would round too much."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.chosen import blocks, part_of
from chainrule.data.centring import less_mean
from chainrule.data.datasets import Dataset
from chainrule.data.fetching import fetched
from chainrule.data.labels import drawn
from chainrule.data.tables import from_arrays
from chainrule.data.values import numbers, table
from chainrule.estimators.parameters import FitNotice, told_as_value_errors

_MOST_NAMED = 5


def in_memory(X: Any) -> Any:
    """Rows or labels as :func:`chainrule.data.fetching.fetched` has them.

    Raises:
        RowsError: they are a text or a dictionary.
        MissingExtraError: they have to be fetched, and narwhals is not installed.

    >>> in_memory([[1.0, 2.0]])
    [[1.0, 2.0]]
    """
    with told_as_value_errors():
        return fetched(X)


def dataset(
    X: Any,
    y: Array,
    columns: Sequence[str] | None,
    val: float | tuple[Array, Array] | None,
    seed: int,
    weights: NDArray[np.float64] | None = None,
) -> tuple[Dataset, NDArray[np.float64]]:
    """A data set, and what was subtracted from its columns, (D,).

    Args:
        X: numbers (N, D).
        y: the classes of the rows by number, (N,), or measurements in float64.
        columns: D names, where there are some.
        val: the share of the rows to validate on, or other rows (V, D) and what is right, (V,), as ``y``.
        seed: keys which.
        weights: of the rows, (N,); None where all count alike.

    Raises:
        DataError: a value is missing, infinite or no number, or ``val`` leaves no rows on a side.

    Seconds since 1970 differ by less than float32 can tell; centred they do not:

    >>> data, mean = dataset(np.array([[1.7e9], [1.7e9 + 2]]), np.array([0, 1]), None, None, 0)
    >>> data.images.tolist(), mean.tolist()
    ([[-1.0], [1.0]], [1700000001.0])
    """
    rows, mean = _centred(table(X, columns=columns))
    if isinstance(val, tuple):
        val = val[0] if not mean.any() else val[0] - mean, val[1]
    data = from_arrays(
        rows,
        y,
        targets="numbers" if y.dtype == np.float64 else "classes",
        val=val,
        weights=weights,
        columns=columns,
        seed=seed,
    )
    _tell_of_constant(data)
    return data, mean


def part(
    X: Any,
    y: Array,
    columns: Sequence[str] | None,
    classes: Array | None,
    weights: NDArray[np.float64] | None = None,
) -> tuple[Dataset, NDArray[np.float64]]:
    """A data set of rows to train on alone, which need not hold all classes, and what was subtracted from its columns.

    Args:
        X, columns, weights: as :func:`dataset` takes them.
        y: the numbers of the rows' ``classes``, (N,); measurements in float64 where these are None.

    Raises:
        DataError: a value is missing, infinite or no number.

    >>> data, mean = part(np.array([[1.0], [3.0]]), np.array([2, 2]), None, np.array(["a", "b", "c"]))
    >>> data.classes, data.images.tolist(), data.labels.tolist(), mean.tolist()
    (('a', 'b', 'c'), [[-1.0], [1.0]], [2, 2], [2.0])
    """
    rows, mean = _centred(table(X, columns=columns))
    images, names = numbers(rows, "X", columns), () if classes is None else tuple(map(str, classes.tolist()))
    if not images.flags.c_contiguous:
        images = images.copy()
    whole = range(len(images))
    data = Dataset(
        name="part",
        images=images,
        labels=y.astype(np.uint8 if 0 < len(names) <= 256 else np.int64) if names else y,
        classes=names,
        shape=(1, 1, images.shape[1]),
        max_value=1.0,
        batches={"train": whole, "test": whole[:0]},
        checksum="",
        official=None,
        directory=None,
        columns=None if columns is None else tuple(columns),
        weights=weights,
    )
    return data, mean


def counting(weights: NDArray[np.float64] | None, count: int) -> int:
    """How many of ``count`` rows have a weight above 0."""
    return count if weights is None else int(np.count_nonzero(weights))


def are_drawable(y: Array, share: float, seed: int, weights: NDArray[np.float64] | None = None) -> bool:
    """Whether the rows that :func:`dataset` would draw are nearly ``share`` of those that have a weight above 0.

    Half as many are enough; of classes of a few rows each none is drawn.

    >>> are_drawable(np.arange(1000) % 2, 0.1, 0), are_drawable(np.arange(1000) // 2, 0.1, 0)
    (True, False)
    """
    chosen = drawn(y, share, y.dtype != np.float64, seed, "val")
    there = counting(None if weights is None else weights[chosen], len(chosen))
    return there >= share * counting(weights, len(y)) / 2


def _centred(X: Array) -> tuple[Array, NDArray[np.float64]]:
    """Bytes and float32 as they are; of others what they differ from their column's mean by."""
    if X.dtype in (np.uint8, np.float32, np.bool_):
        return X, np.zeros(X.shape[1])
    return less_mean(X)


def _tell_of_constant(data: Dataset) -> None:
    train = part_of(data.images, slice(data.batches["train"].stop))
    first, varies = train[0], np.zeros(data.images.shape[1], bool)
    for block in blocks(train):
        varies |= (block != first).any(axis=0)
    constant = np.flatnonzero(~varies).tolist()
    if not constant:
        return
    names = [repr(data.columns[column]) if data.columns else str(column) for column in constant]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    warnings.warn(
        f"X: {'column' if len(names) == 1 else 'columns'} {', '.join(names[:_MOST_NAMED])}{more} never "
        f"{'varies' if len(names) == 1 else 'vary'} in the rows to train on, and can tell nothing",
        FitNotice,
        stacklevel=4,
    )
