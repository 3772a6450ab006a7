"""A data frame's columns as numbers: gaps are filled, categories get a column each.

What scikit-learn's ``SimpleImputer(strategy="median", add_indicator=True)`` and
``OneHotEncoder(handle_unknown="ignore")`` do, kept as the numbers and texts that it comes to, which a file can hold.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.arrays import Array
from chainrule.data.labels import is_missing
from chainrule.data.oddness import oddness
from chainrule.data.values import column_keys, place
from chainrule.errors import DataError, suggestion
from chainrule.settings.strict import Strict
from chainrule.text import excerpt

MOST_CATEGORIES = 100
"""Of a column: the most frequent ones; all others count as none of them."""

_OTHERWISE = "give numbers, such as days since a day, or leave it out"
"""What to do with columns of neither numbers nor texts."""


class EncodingNotice(UserWarning):
    """Something to know of columns that were made numbers all the same."""


class NumberColumn(Strict):
    """A column of numbers, which becomes one, and where numbers were missing another that says which.

    Attributes:
        name: the frame's.
        fill: what stands for a missing number, the median.
        marked: whether there is the second one, 1 where a number is missing and 0 elsewhere.
    """

    name: str
    fill: float
    marked: bool

    @property
    def outputs(self) -> tuple[str, ...]:
        """What the columns that it becomes are called."""
        return (self.name, f"{self.name} is missing") if self.marked else (self.name,)

    def encoded(self, values: Array, name: str) -> NDArray[np.float64]:
        """Values (N,) as (N, outputs)."""
        numbers = _numbers(values, name, self.name)
        missing = np.isnan(numbers)
        filled = np.where(missing, self.fill, numbers)
        return np.stack([filled, missing] if self.marked else [filled], axis=1)


class CategoryColumn(Strict):
    """A column of texts, which becomes one of 0 and 1 for each category.

    Attributes:
        name: the frame's.
        categories: in rising order; last null, where a missing one is a category of its own.
    """

    name: str
    categories: Annotated[tuple[str | None, ...], Field(min_length=1, strict=False)]

    @property
    def outputs(self) -> tuple[str, ...]:
        """What the columns that it becomes are called."""
        return tuple(
            f"{self.name} is missing" if category is None else f"{self.name} = {category}"
            for category in self.categories
        )

    def encoded(self, values: Array, name: str) -> NDArray[np.float64]:
        """Values (N,) as (N, outputs); a row of a category that is not known is 0 in all of them."""
        numbers = {category: number for number, category in enumerate(self.categories)}
        texts = _texts(values)
        codes = np.array([numbers.get(text, -1) for text in texts])
        unknown = [text for text, code in zip(texts, codes, strict=True) if code < 0 and text is not None]
        if unknown and len(self.categories) < MOST_CATEGORIES:
            warnings.warn(
                f"{name}: column {excerpt(repr(self.name))}: {len(unknown)} of {len(texts)} rows hold categories that "
                f"were not trained on, such as {excerpt(repr(unknown[0]))}; they count as none",
                EncodingNotice,
                stacklevel=7,
            )
        hot: NDArray[np.bool_] = codes[:, np.newaxis] == np.arange(len(self.categories))
        return hot.astype(np.float64)


EncodedColumn = NumberColumn | CategoryColumn


@dataclass(frozen=True)
class Encoding:
    """What makes numbers of a data frame.

    >>> age = NumberColumn(name="age", fill=40.0, marked=True)
    >>> encoding = Encoding((age, CategoryColumn(name="city", categories=("Oslo", "Rome"))))
    >>> encoding.outputs
    ('age', 'age is missing', 'city = Oslo', 'city = Rome')
    >>> from chainrule.data.frames import Frame
    >>> encoding.rows(Frame({"city": np.array(["Rome", "Oslo"]), "age": np.array([31.0, np.nan])})).tolist()
    [[31.0, 0.0, 0.0, 1.0], [40.0, 1.0, 1.0, 0.0]]
    """

    columns: tuple[EncodedColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the frame's columns."""
        return tuple(column.name for column in self.columns)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Of the columns that they become."""
        return tuple(name for column in self.columns for name in column.outputs)

    def rows(self, X: Any, name: str = "X") -> Array:
        """The rows of a frame as numbers (N, D); columns are taken by their names, and more are passed over.

        They are float32 where this holds all numbers as they are, else float64.

        Raises:
            DataError: it has no names or lacks a column, or a value is infinite or no number.
        """
        rows, at = np.empty((0, 0), np.float32), 0
        for column, values, encoded in self.each(X, name):
            if at == 0:
                rows = np.zeros((len(values), len(self.outputs)), np.float32)
            if isinstance(column, NumberColumn) and not np.can_cast(values.dtype, rows.dtype):
                rows = rows.astype(np.float64)
            width = len(column.outputs)
            rows[:, at : at + width] = encoded
            at += width
        return rows

    def each(self, X: Any, name: str) -> Iterator[tuple[EncodedColumn, Array, NDArray[np.float64]]]:
        """Each column with its values (N,) and what they become, one after the other, so that of a large table nothing
        lies here twice.

        Raises:
            DataError: as :meth:`rows`.
        """
        keys = column_keys(X, name)
        if keys is None:
            listed = ", ".join(excerpt(repr(column)) for column in self.names[:3])
            raise DataError(
                f"{name}: has no names of columns; give a data frame of those trained on, {listed} ..."
            )
        lacking = [column for column in self.names if column not in keys]
        if lacking:
            raise DataError(
                *(f"{name}: lacks column {excerpt(repr(c))}; {suggestion(c, keys)}" for c in lacking)
            )
        for column in self.columns:
            values = _values(X, keys[column.name], name)
            yield column, values, column.encoded(values, name)


def encoding_of(
    X: Any, name: str = "X", *, rows: NDArray[np.intp] | None = None, may_have_gaps: bool = False
) -> Encoding | None:
    """How a data frame becomes numbers; None where it has no names, or all of its values are numbers already.

    Args:
        X: the frame, N rows.
        name: what messages call it.
        rows: the numbers of those that are looked at; None: all.
        may_have_gaps: other rows may lack what none of these does, so that numbers need a filling, too.

    Raises:
        DataError: a name stands twice, or a column holds neither numbers nor texts.

    >>> from chainrule.data.frames import Frame
    >>> numbers = Frame({"age": np.array([31, 52])})
    >>> encoding_of(numbers), encoding_of(numbers, may_have_gaps=True).columns
    (None, (NumberColumn(name='age', fill=41.5, marked=False),))
    >>> encoding_of(Frame({"age": np.array([31, np.nan, 52, 40])})).columns
    (NumberColumn(name='age', fill=40.0, marked=True),)
    """
    keys = column_keys(X, name)
    if not keys or not hasattr(X, "__getitem__"):
        return None
    if not may_have_gaps and all(map(_are_plain, (_values(X, key, name) for key in keys.values()))):
        return None
    looked_at = slice(None) if rows is None else rows
    columns = tuple(_column(column, _values(X, key, name)[looked_at], name) for column, key in keys.items())
    if not may_have_gaps and all(isinstance(c, NumberColumn) and not c.marked for c in columns):
        return None
    return Encoding(columns)


def _are_plain(values: Array) -> bool:
    """Whether they are of a type of numbers, and none is missing: what is seen at once, even of large tables."""
    return values.dtype.kind in "biu" or (values.dtype.kind == "f" and not np.isnan(values).any())


def _column(column: str, values: Array, name: str) -> EncodedColumn:
    if _is_text(values):
        return CategoryColumn(name=column, categories=_categories(column, _texts(values), name))
    numbers = _numbers(values, name, column)
    missing = np.isnan(numbers)
    known = numbers[~missing]
    return NumberColumn(
        name=column, fill=float(np.median(known)) if len(known) else 0.0, marked=bool(missing.any())
    )


def _categories(column: str, texts: list[str | None], name: str) -> tuple[str | None, ...]:
    counted = Counter(text for text in texts if text is not None)
    kept = sorted(counted, key=lambda text: (-counted[text], text))[:MOST_CATEGORIES]
    odd = oddness(counted)
    if odd is None and len(counted) > len(kept):
        odd = f"holds {len(counted)} categories; the {len(kept)} most frequent are kept, all others count as none"
    if odd is not None:
        warnings.warn(f"{name}: column {excerpt(repr(column))}: {odd}", EncodingNotice, stacklevel=7)
    return (*sorted(kept), *[None] * (None in texts))


def _values(X: Any, key: Any, name: str) -> Array:
    """A column's values (N,); those of a frame's own type of categories as text."""
    column = X[key]
    if type(getattr(column, "type", None)).__name__ == "DictionaryType":
        # Arrow's categories, whose gaps NumPy's view of them hides.
        column = column.cast(column.type.value_type)
    if str(getattr(column, "dtype", "")) == "category":
        # By their numbers: what stands for a gap would change the others.
        texts = [*_texts(np.asarray(column.cat.categories)), None]
        return np.array([texts[code] for code in column.cat.codes], object)
    values = np.asarray(column)
    if values.ndim != 1:
        raise DataError(
            f"{name}: column {excerpt(repr(str(key)))}: holds several values a row; give each a column of its own"
        )
    return values


def _is_text(values: Array) -> bool:
    if values.dtype.kind != "O":
        return values.dtype.kind in "UT"
    return any(isinstance(value, str) for value in values)


def _texts(values: Array) -> list[str | None]:
    """As texts, None where they are missing; a whole number is the same text whatever type holds it."""
    return [None if is_missing(value) else _text(value) for value in values.tolist()]


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numbers(values: Array, name: str, column: str) -> NDArray[np.float64]:
    """As float64, NaN where they are missing.

    Raises:
        DataError: one is infinite or no number: which.
    """
    if values.dtype.kind in "biuf":
        numbers = values.astype(np.float64)
    elif values.dtype.kind in "OUT":
        numbers = np.array([_number(value, row, name, column) for row, value in enumerate(values.tolist())])
    else:
        raise DataError(f"{name}: column {excerpt(repr(column))}: holds {values.dtype}; {_OTHERWISE}")
    odd = np.isinf(numbers)
    if odd.any():
        row = int(np.argmax(odd))
        raise DataError(f"{name}: {place([column], row, 0)}: holds {values[row]}; replace it")
    return numbers


def _number(value: Any, row: int, name: str, column: str) -> float:
    if is_missing(value):
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        where = place([column], row, 0)
        is_text = isinstance(value, str)
        why = "is no number; replace it" if is_text else f"is neither number nor text; {_OTHERWISE}"
        raise DataError(f"{name}: {where}: holds {excerpt(repr(value))}, which {why}") from None
