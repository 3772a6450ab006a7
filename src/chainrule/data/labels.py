"""Anybody's labels, checked: text, whole numbers, booleans; and which rows of them are drawn."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Labels
from chainrule.errors import DataError
from chainrule.rng import stream
from chainrule.text import excerpt

KINDS = {
    "b": "booleans",
    "i": "numbers",
    "u": "numbers",
    "f": "numbers",
    "U": "text",
    "S": "bytes",
}
"""Of labels, by the letter that NumPy gives their type."""

_PURPOSES = {"val": "validate"}


class DrawNotice(UserWarning):
    """Something to know of the rows that were drawn all the same."""


def labels(y: Any, name: str = "y") -> Array:
    """The labels (N,), of one type that can be sorted.

    Args:
        y: an array, a data frame's column, or a list.
        name: what messages call it.

    Raises:
        DataError: there is not one a row, one is missing, or they are no classes.

    >>> labels(["b", "a"]).tolist(), labels([1.0, 2.0]).tolist()
    (['b', 'a'], [1.0, 2.0])
    >>> try:
    ...     labels([0.5, 2.0])
    ... except DataError as error:
    ...     print(error)
    y: row 0 (from 0): holds 0.5, which is no class but a measurement; give text or whole numbers
    """
    array = told(y, name)
    if array.dtype.kind == "f":
        parted = array != np.floor(array)
        _refuse(parted, array, name, "which is no class but a measurement; give text or whole numbers")
    return array


def told(y: Any, name: str = "y") -> Array:
    """Labels or measurements (N,), of one type that can be sorted, none of them missing.

    Raises:
        DataError: there is not one a row, one is missing, or they are of several types.

    >>> told([0.5, 2.0]).tolist()
    [0.5, 2.0]
    """
    array = np.asarray(y)
    if array.ndim != 1:
        repair = "write ravel()" if array.ndim == 2 and array.shape[1] == 1 else "give one label a row"
        raise DataError(f"{name}: has shape {array.shape}; {repair}")
    if array.dtype.kind == "O":
        array = _of_one_type(array, name)
    if array.dtype.kind not in KINDS:
        raise DataError(f"{name}: holds {array.dtype}; give text or whole numbers")
    if array.dtype.kind == "f":
        _refuse(~np.isfinite(array), array, name, "which is no label; drop the row")
    return array


def measurements(y: Any, name: str = "y") -> NDArray[np.float64]:
    """Numbers to be learned, (N,).

    Raises:
        DataError: there is not one a row, or one is missing, infinite or no number.

    >>> measurements([1, 2.5]).tolist()
    [1.0, 2.5]
    >>> try:
    ...     measurements(["high", "low"])
    ... except DataError as error:
    ...     print(error)
    y: holds text; give numbers
    """
    array = told(y, name)
    if array.dtype.kind not in "biuf":
        raise DataError(f"{name}: holds {KINDS[array.dtype.kind]}; give numbers")
    return array.astype(np.float64)


def several(y: Any, name: str = "y") -> NDArray[np.uint8]:
    """Targets (N, K) of 0 and 1: which of K labels each row has.

    Raises:
        DataError: they are not so many a row, or hold something else.

    >>> several([[True, False], [True, True]]).tolist()
    [[1, 0], [1, 1]]
    >>> try:
    ...     several([[0, 2]])
    ... except DataError as error:
    ...     print(error)
    y: row 0 (from 0): holds 2; write 1 where a row has the label, and 0 where it has not
    """
    array = np.asarray(y)
    if array.ndim != 2 or array.shape[1] == 0 or array.dtype.kind not in "biuf":
        raise DataError(f"{name}: holds {array.dtype} {array.shape}; give a row of 0 and 1 for each row of X")
    odd = (array != 0) & (array != 1)
    if odd.any():
        row, column = np.argwhere(odd)[0]
        raise DataError(
            f"{name}: row {row} (from 0): holds {array[row, column]}; write 1 where a row has the label, and 0 where "
            "it has not"
        )
    return array.astype(np.uint8)


def coded(array: Array, name: str = "y") -> tuple[Array, Labels]:
    """The classes (K,) in rising order, and for each label (N,) which of them it is.

    Raises:
        DataError: there are not two classes.

    >>> classes, codes = coded(np.array(["b", "a", "b"]))
    >>> classes.tolist(), codes.tolist()
    (['a', 'b'], [1, 0, 1])
    """
    classes, codes = np.unique(array, return_inverse=True)
    if len(classes) < 2:
        raise DataError(f"{name}: holds one class, {excerpt(classes[0])}, alone; give rows of two or more")
    return classes, codes.astype(np.uint8 if len(classes) <= 256 else np.int64)


def codes_of(y: Any, classes: Array, name: str = "y") -> NDArray[np.int64]:
    """Which of these classes each label is, (N,).

    Raises:
        DataError: one is none of them: which.

    >>> codes_of(["b", "a"], np.array(["a", "b"])).tolist()
    [1, 0]
    """
    given, known = labels(y, name).tolist(), {label: code for code, label in enumerate(classes.tolist())}
    odd = next((row for row, label in enumerate(given) if label not in known), None)
    if odd is not None:
        listed = ", ".join(excerpt(repr(label)) for label in classes.tolist()[:5])
        raise DataError(
            f"{name}: row {odd} (from 0): holds {excerpt(repr(given[odd]))}, which is no class of the net; its first "
            f"are {listed}"
        )
    return np.array([known[label] for label in given], np.int64)


def drawn(codes: Labels, share: float, stratify: bool, seed: int, purpose: str) -> NDArray[np.intp]:
    """Rows, in rising order, that are ``share`` of all.

    Args:
        codes: the classes of all rows, (N,).
        share: between 0 and 1.
        stratify: whether of each class as large a share is drawn, as nearly as whole rows allow; one row of it is left.
        seed, purpose: key the draw.

    >>> codes = np.array([0] * 8 + [1] * 2)
    >>> np.bincount(codes[drawn(codes, 0.5, True, 0, "val")]).tolist()
    [4, 1]
    """
    shuffled = stream(seed, f"rows to {purpose}").permutation(len(codes))
    if not stratify:
        return np.sort(shuffled[: round(share * len(codes))])
    classes = [shuffled[codes[shuffled] == code] for code in np.unique(codes)]
    chosen = [rows[: min(round(share * len(rows)), len(rows) - 1)] for rows in classes]
    return np.sort(np.concatenate(chosen))


def drawn_groups(
    codes: Labels, groups: Array, share: float, stratify: bool, seed: int, purpose: str
) -> NDArray[np.intp]:
    """Rows, in rising order, that are nearly ``share`` of all: whole groups alone.

    Args:
        codes, share, stratify, seed, purpose: as :func:`drawn` takes them; a group is of the class that most of its
            rows have.
        groups: the group of each row, (N,).

    >>> groups = np.repeat(["a", "b", "c", "d"], 5)
    >>> rows = drawn_groups(np.zeros(20, int), groups, 0.5, True, 0, "val")
    >>> len(rows), len(set(groups[rows]) & set(np.delete(groups, rows)))
    (10, 0)
    """
    names, index = np.unique(groups, return_inverse=True)
    sizes = np.bincount(index)
    kinds = np.zeros(len(names), np.int64)
    if stratify:
        counts = np.zeros((len(names), int(codes.max()) + 1), np.int64)
        np.add.at(counts, (index, codes), 1)
        kinds = counts.argmax(axis=1)
    shuffled = stream(seed, f"rows to {purpose}").permutation(len(names))
    chosen: list[int] = []
    for kind in np.unique(kinds):
        own = shuffled[kinds[shuffled] == kind]
        taken = np.concatenate([[0], np.cumsum(sizes[own])])
        nearest = int(abs(taken - share * taken[-1]).argmin())
        chosen += own[: min(nearest, len(own) - 1)].tolist()
    rows = np.flatnonzero(np.isin(index, chosen))
    if stratify and len(rows):
        _tell_of_undrawn(codes, rows, purpose)
    return rows


def _tell_of_undrawn(codes: Labels, rows: NDArray[np.intp], purpose: str) -> None:
    """Say that classes of few groups have no row among those that were drawn."""
    classes = len(np.unique(codes))
    undrawn = classes - len(np.unique(codes[rows]))
    if undrawn:
        warnings.warn(
            f"groups: of {undrawn} of {classes} classes no row is drawn to {_PURPOSES.get(purpose, purpose)} on, as "
            "their groups are too few",
            DrawNotice,
            stacklevel=3,
        )


def grouping(values: Any, rows: int, name: str = "groups") -> Array:
    """The group of each row, (N,), as text or numbers.

    Raises:
        DataError: there is not one a row, or one is missing.

    >>> grouping(["a", "b"], 2).tolist()
    ['a', 'b']
    """
    array = told(values, name)
    if len(array) != rows:
        raise DataError(f"{name}: are {len(array)} for {rows} rows; give one for each")
    return array


def _of_one_type(array: Array, name: str) -> Array:
    """What is kept as objects, as an array of what they are."""
    missing = np.array([is_missing(value) for value in array], bool)
    _refuse(missing, array, name, "which is no label; drop the row")
    kinds = {_kind(value) for value in array}
    if len(kinds) > 1 or not kinds <= KINDS.keys():
        found = " and ".join(sorted({type(value).__name__ for value in array}))
        raise DataError(f"{name}: holds {excerpt(found)}; give text alone or whole numbers alone")
    return np.array([float(value) if isinstance(value, Decimal) else value for value in array.tolist()])


def _kind(value: Any) -> str:
    """The letter of its type; a decimal of databases and of Arrow is a number."""
    if isinstance(value, Decimal):
        return "f"
    return np.asarray(value).dtype.kind if np.ndim(value) == 0 else "V"


def is_missing(value: Any) -> bool:
    """Whether it is None, NaN, or what data frames have for them, which can be compared with nothing."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return not isinstance(value, np.ndarray) and bool(value != value)


def _refuse(odd: NDArray[np.bool_], array: Array, name: str, why: str) -> None:
    if odd.any():
        row = int(np.argmax(odd))
        raise DataError(f"{name}: row {row} (from 0): holds {excerpt(str(array[row]))}, {why}")
