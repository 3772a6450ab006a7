"""A data set of arrays of one's own: a table with a label for each row.

Bytes and float32 stay as they are, and large tables of them are not copied; all other numbers become float32. A data
frame's texts and gaps become numbers by the rows to train on alone. Rows that are drawn count as lying behind those to
train on (:mod:`chainrule.chosen`), so that every split is a view.
"""

from __future__ import annotations

import functools
import hashlib
import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Images, Labels
from chainrule.chosen import blocks, ordered, part_of
from chainrule.data import values
from chainrule.data.cache import content_checksum
from chainrule.data.datasets import DATASETS, Dataset
from chainrule.data.encoding import Encoding, encoding_of
from chainrule.data.fetching import fetched
from chainrule.data.frames import Frame
from chainrule.data.labels import KINDS, coded, drawn, drawn_groups, grouping, labels, measurements, several
from chainrule.data.values import column_names, numbers
from chainrule.errors import DataError
from chainrule.text import excerpt

Rows = tuple[Any, Any]
"""Inputs, and a label for each."""


def from_arrays(
    X: Any,
    y: Any,
    *,
    val: float | Rows | None = 0.2,
    test: float | Rows | None = None,
    targets: Literal["classes", "numbers", "several"] = "classes",
    stratify: bool = True,
    weights: Any = None,
    groups: Any = None,
    columns: Sequence[str] | None = None,
    name: str = "table",
    seed: int = 0,
) -> Dataset:
    """A data set of the rows of a table, to be given wherever the name of a data set is.

    Its batches, for settings to name, are ``train``, ``val`` unless there is none, and ``test``, which may be empty:
    what is measured on it is unknown then. Bytes and float32 of 64 MB or more are not copied: whoever changes such a
    table later changes what is trained on.

    Args:
        X: numbers (N, D), in memory or mapped, or a data frame, which may hold texts and gaps, too
            (:mod:`chainrule.data.encoding`).
        y: a label for each row: text, whole numbers, booleans; or a number, where ``targets`` say so.
        val: the share of the rows to validate on; or rows and labels of their own; None: no rows.
        test: likewise, to test on.
        targets: what y holds; numbers are for :class:`chainrule.MLPRegressor`; ``several``: y is (N, K) of 0 and 1,
            which of K labels each row has, named by a data frame's columns, for the loss ``binary_cross_entropy``.
        stratify: whether each class gives as large a share of the rows that are drawn.
        weights: of the rows of X, 0 or more each, in training and in what is measured; rows of their own weigh 1. None:
            all count alike.
        groups: of the rows of X, such as whose they are: rows of one group stay together, so that nobody is validated
            or tested on who was trained on. None: each row is drawn by itself.
        columns: names of the D columns; a data frame's own by default.
        name: what results call the data set.
        seed: keys what is drawn.

    Raises:
        DataError: with every problem found, by row and column.

    >>> X = np.arange(20, dtype=np.float32).reshape(10, 2)
    >>> data = from_arrays(X, ["no", "yes"] * 5, val=0.4)
    >>> data.classes, data.batches
    (('no', 'yes'), {'train': range(0, 6), 'val': range(6, 10), 'test': range(10, 10)})
    >>> np.bincount(data.labels[data.batches["val"]]).tolist()
    [2, 2]
    """
    X, y = fetched(X), fetched(y)
    val, test = (tuple(map(fetched, part)) if isinstance(part, tuple) else part for part in (val, test))
    shares = {"val": val, "test": test}
    given = {part: rows for part, rows in shares.items() if isinstance(rows, tuple)}
    problems = [line for part, share in shares.items() for line in _wrong_share(part, share)]
    if name in DATASETS:
        problems.append(f"name = {name!r}: another data set is known by it; choose another")
    tables: dict[str, _Table] = {}
    called = X.name if isinstance(X, Frame) else "X"

    @functools.cache
    def encoding() -> Encoding | None:
        """By all rows, to find what is wrong with them; notices come with what is trained on."""
        with warnings.catch_warnings(action="ignore"):
            return encoding_of(X, called) if columns is None else None

    sources = {"": (X, y), **given}
    for part, (inputs, named) in sources.items():
        try:
            tables[part] = _table(inputs, named, f"{part} ".lstrip(), columns, targets, encoding)
        except DataError as error:
            problems += error.problems
    if not problems:
        problems = list(_clashes(tables))
    if problems:
        raise DataError(*dict.fromkeys(problems))
    counted = values.weights(weights, len(tables[""].labels))
    grouped = None if groups is None else grouping(groups, len(tables[""].labels))
    classes, codes = np.array([]), np.concatenate([part.labels for part in tables.values()])
    if targets == "classes":
        coded(tables[""].labels)
        classes, codes = coded(codes)
    elif targets == "several":
        classes = np.array(column_names(y, None) or range(codes.shape[1]))
    order, batches = _arranged(tables, codes, shares, stratify and targets == "classes", seed, grouped)
    inputs, names, fitted = [part.images for part in tables.values()], tables[""].columns, None
    if encoding() is not None:
        fitted = encoding_of(X, called, rows=order[: len(batches["train"])], may_have_gaps=True)
        inputs = [_images(rows, f"{part} X".lstrip(), None, fitted) for part, (rows, _) in sources.items()]
        names = fitted.outputs if fitted else None
    images, codes = ordered(inputs, order), codes[order]
    codes.flags.writeable = False
    if counted is not None:
        counted = np.concatenate([counted, np.ones(len(order) - len(counted))])[order]
        _require_weight(counted, batches)
    return Dataset(
        name=name,
        images=images,
        labels=codes,
        classes=tuple(map(str, classes.tolist())),
        shape=(1, 1, images.shape[1]),
        max_value=_largest(part_of(images, slice(batches["train"].stop))),
        batches=batches,
        checksum=_checksum(images, codes, counted, batches),
        official=None,
        directory=None,
        columns=None if names is None else tuple(names),
        weights=counted,
        encoding=fitted,
        class_labels=classes if targets == "classes" and classes.dtype.kind != "U" else None,
    )


@dataclass(frozen=True)
class _Table:
    """Rows (N, D) and labels (N,), and the names of columns, where they have some."""

    images: Images
    labels: Array
    columns: Sequence[str] | None

    @property
    def kind(self) -> str:
        """What its labels are."""
        return KINDS[self.labels.dtype.kind]


def _table(
    X: Any,
    y: Any,
    place: str,
    columns: Sequence[str] | None,
    targets: str,
    encoding: Callable[[], Encoding | None],
) -> _Table:
    problems: list[str] = []
    parts: list[Any] = []
    of_rows = {"classes": labels, "numbers": measurements, "several": several}[targets]
    for read in (lambda: _images(X, f"{place}X", columns, encoding()), lambda: of_rows(y, f"{place}y")):
        try:
            parts.append(read())
        except DataError as error:
            problems += error.problems
    if not problems and len(parts[0]) != len(parts[1]):
        problems.append(f"{place}y: has {len(parts[1])} labels for {len(parts[0])} rows; give one for each")
    if problems:
        raise DataError(*problems)
    encoded = encoding()
    return _Table(parts[0], parts[1], encoded.outputs if encoded else column_names(X, columns))


def _images(X: Any, name: str, columns: Sequence[str] | None, encoding: Encoding | None) -> Images:
    return (
        numbers(X, name, columns)
        if encoding is None
        else numbers(encoding.rows(X, name), name, encoding.outputs)
    )


def _wrong_share(part: str, share: Any) -> list[str]:
    if share is None or (isinstance(share, tuple) and len(share) == 2):
        return []
    if isinstance(share, float) and 0 < share < 1:
        return []
    return [
        f"{part} = {excerpt(repr(share))}: write a share of the rows such as 0.2, rows with labels (X, y), or None"
    ]


def _clashes(tables: Mapping[str, _Table]) -> Iterator[str]:
    """What is wrong with tables beside each other."""
    own = tables[""]
    width, columns = own.images.shape[1], own.columns
    for part, table in tables.items():
        if table.images.shape[1] != width:
            yield f"{part} X: has {table.images.shape[1]} columns, X has {width}; give the same"
        elif None not in (columns, table.columns) and table.columns != columns:
            yield f"{part} X: has other columns than X, or in another order; give the same"
        if table.labels.shape[1:] != own.labels.shape[1:]:
            yield f"{part} y: has {table.labels.shape[1]} labels a row, y has {own.labels.shape[1]}; give the same"
        if table.kind != own.kind:
            yield f"{part} y: holds {table.kind}, y {own.kind}; give the same"
    if columns is not None and len(columns) != width:
        yield f"columns: are {len(columns)} names for {width} columns of X; give one for each"


def _arranged(
    tables: Mapping[str, _Table],
    codes: Labels,
    shares: Mapping[str, Any],
    stratify: bool,
    seed: int,
    groups: Array | None,
) -> tuple[NDArray[np.intp], dict[str, range]]:
    """The order of all rows, one table after the other as they were given: those to train on, to validate on, to test
    on; and where each of these begins and ends.

    Raises:
        DataError: a share leaves nobody on one side.
    """
    stops = np.cumsum([0, *(len(table.labels) for table in tables.values())])
    whole = {part: np.arange(*stops[i : i + 2]) for i, part in enumerate(tables)}
    left, taken = whole[""], 0.0
    parts = {}
    for part, share in shares.items():
        parts[part] = whole.get(part, left[:0])
        if isinstance(share, float):
            wanted = share / (1 - taken), stratify, seed, part
            if share >= 1 - taken:
                mine = np.arange(len(left))
            elif groups is None:
                mine = drawn(codes[left], *wanted)
            else:
                mine = drawn_groups(codes[left], groups[left], *wanted)
            parts[part], left, taken = left[mine], np.delete(left, mine), taken + share
            if 0 in (len(parts[part]), len(left)):
                raise DataError(
                    f"{part} = {share:g}: draws {len(parts[part])} of {len(whole[''])} rows and leaves {len(left)} to "
                    "train on; choose another share, or give more rows"
                )
    parts = {"train": left} | {part: rows for part, rows in parts.items() if part != "val" or len(rows)}
    batches, start = {}, 0
    for part, rows in parts.items():
        batches[part] = range(start, start + len(rows))
        start += len(rows)
    return np.concatenate([*parts.values()]), batches


def _largest(images: Images) -> float:
    """What a byte can hold at most; of floats the largest there is."""
    if images.dtype == np.uint8:
        return 255
    return max(float(abs(block).max()) for block in blocks(images)) or 1.0


def _require_weight(weights: NDArray[np.float64], batches: Mapping[str, range]) -> None:
    for part, rows in batches.items():
        if len(rows) and not weights[rows.start : rows.stop].any():
            purpose = {"val": "validate"}.get(part, part)
            raise DataError(f"weights: those of the rows to {purpose} on are all 0; weigh more rows")


def _checksum(
    images: Images, codes: Labels, weights: NDArray[np.float64] | None, batches: Mapping[str, range]
) -> str:
    """Of all that tells one data set from another."""
    of_weights = [] if weights is None else [hashlib.sha256(weights.tobytes()).hexdigest()]
    said = [
        *of_weights,
        content_checksum(images, codes),
        {part: (rows.start, rows.stop) for part, rows in batches.items()},
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
