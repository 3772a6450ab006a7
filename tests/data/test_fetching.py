"""Data frames of every kind hold the same rows, whoever made them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from chainrule.data.encoding import encoding_of
from chainrule.data.fetching import fetched
from chainrule.errors import DataError, MissingExtraError

CELLS = {
    "age": [31, None, 52, 40],
    "height": [1.5, 2.0, 1.0, 1.25],
    "city": ["Rome", None, "Oslo", "Rome"],
    "ill": [True, False, None, True],
}
NAMES = (
    "age",
    "age is missing",
    "height",
    "city = Oslo",
    "city = Rome",
    "city is missing",
    "ill",
    "ill is missing",
)
ROWS = [
    [31, 0, 1.5, 0, 1, 0, 1, 0],
    [40, 1, 2.0, 0, 0, 1, 0, 0],
    [52, 0, 1.0, 1, 0, 0, 1, 1],
    [40, 0, 1.25, 0, 1, 0, 1, 0],
]


def of_pandas(kind):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(CELLS)
    if kind == "nullable":
        return frame.convert_dtypes()
    if kind == "category":
        return frame.assign(city=frame["city"].astype("category"), ill=frame["ill"].astype("boolean"))
    return frame


def of_arrow(kind):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(CELLS)
    if kind == "dictionary":
        return table.set_column(2, "city", table["city"].dictionary_encode())
    return (
        table.to_pandas(types_mapper=pytest.importorskip("pandas").ArrowDtype) if kind == "pandas" else table
    )


def of_polars(kind):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(CELLS)
    if kind == "categorical":
        return frame.with_columns(polars.col("city").cast(polars.Categorical))
    if kind == "enum":
        return frame.with_columns(polars.col("city").cast(polars.Enum(["Oslo", "Rome"])))
    return frame.lazy() if kind == "lazy" else frame


def of_duckdb(kind):
    return pytest.importorskip("duckdb").from_arrow(of_arrow(kind))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        *((of_pandas, kind) for kind in ("objects", "nullable", "category")),
        *((of_arrow, kind) for kind in ("plain", "dictionary", "pandas")),
        *((of_polars, kind) for kind in ("plain", "categorical", "enum", "lazy")),
        (of_duckdb, "plain"),
    ],
)
def test_numbers_texts_and_gaps_are_the_same_in_every_frame(make, kind):
    frame = fetched(make(kind))
    encoding = encoding_of(frame)
    assert encoding.outputs == NAMES
    np.testing.assert_array_equal(encoding.rows(frame), ROWS)


class Elsewhere:
    columns = ("a", "b")


def test_what_narwhals_does_not_know_stays_as_it_is():
    pytest.importorskip("narwhals")
    other = Elsewhere()
    assert fetched(other) is other
    assert fetched([1, 2]) == [1, 2]


def test_without_narwhals_a_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(MissingExtraError, match="data frames of this kind need optional packages"):
        fetched(Elsewhere())


@pytest.mark.parametrize("path", ["t.csv", Path("t.csv")])
def test_a_path_is_no_rows(path):
    with pytest.raises(
        DataError, match=r"'t\.csv': is a text, where rows are wanted; read them first, as pandas"
    ):
        fetched(path)


def test_a_dictionary_is_no_rows():
    with pytest.raises(
        DataError, match="a dictionary: stands where rows are wanted; make a data frame of it"
    ):
        fetched({"age": [1, 2]})
