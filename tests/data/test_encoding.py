"""A data frame's columns as numbers, as scikit-learn's transformers would make them; what is none of them is said."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder

from chainrule.data import encoding
from chainrule.data.encoding import CategoryColumn, EncodingNotice, NumberColumn, encoding_of
from chainrule.data.frames import Frame
from chainrule.errors import DataError

NAN = np.nan
CITIES = np.array(["Rome", None, "Oslo", "Rome"], object)
MIXED = Frame({"age": np.array([31, NAN, 52, 40]), "city": CITIES, "visits": np.array([1, 2, 3, 4])})


def test_scikit_learn_s_transformers_make_the_same_numbers():
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    frame = pandas.DataFrame(
        {"a": rng.normal(size=50), "b": rng.choice(["x", "y", "z"], 50), "c": rng.normal(size=50)}
    )
    frame.loc[[3, 7, 11], "a"] = None
    frame.loc[[2, 9], "b"] = None
    later = frame.assign(b=["new"] * 50)
    theirs = make_column_transformer(
        (SimpleImputer(strategy="median", add_indicator=True), ["a"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["b"]),
        (SimpleImputer(strategy="median"), ["c"]),
    ).fit(frame)
    ours = encoding_of(frame)
    assert ours.outputs == ("a", "a is missing", "b = x", "b = y", "b = z", "b is missing", "c")
    np.testing.assert_array_equal(ours.rows(frame), theirs.transform(frame))
    with pytest.warns(
        EncodingNotice, match="50 of 50 rows hold categories that were not trained on, such as 'new'"
    ):
        rows = ours.rows(later)
    np.testing.assert_array_equal(rows, theirs.transform(later))


def test_every_kind_of_frame_comes_to_the_same():
    pandas, pyarrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    columns = {"age": [31.0, None, 52.0, 40.0], "city": CITIES.tolist(), "visits": [1, 2, 3, 4]}
    frame = pandas.DataFrame(columns)
    kinds = frame, frame.convert_dtypes(), frame.astype({"city": "category"}), pyarrow.table(columns)
    for kind in kinds:
        assert encoding_of(kind) == encoding_of(MIXED)
        np.testing.assert_array_equal(encoding_of(kind).rows(kind), encoding_of(MIXED).rows(MIXED))


def test_numbers_without_gaps_need_no_encoding():
    assert encoding_of(np.zeros((2, 3))) is None
    assert encoding_of([[1, 2]]) is None
    assert encoding_of(MIXED.without("age", "city")) is None
    assert encoding_of(Frame({"old": np.array([True, False])})) is None


def test_categories_that_are_numbers_are_the_same_texts_in_every_type():
    pandas = pytest.importorskip("pandas")
    made = encoding_of(pandas.DataFrame({"ward": pandas.Categorical([7, 8, 7])}))
    assert made.columns == (CategoryColumn(name="ward", categories=("7", "8")),)
    for later in (np.array([8, 7]), np.array([8.0, 7.0]), np.array(["8", "7"])):
        assert made.rows(Frame({"ward": later})).tolist() == [[0, 1], [1, 0]]


def test_categories_of_whatever_kind_are_texts():
    pandas = pytest.importorskip("pandas")
    made = encoding_of(pandas.DataFrame({"height": pandas.cut([1.0, 3.0, NAN], [0, 2, 4])}))
    assert made.columns == (CategoryColumn(name="height", categories=("(0, 2]", "(2, 4]", None)),)
    without_gaps = pandas.DataFrame({"height": pandas.cut([3.0], [0, 2, 4])})
    assert made.rows(without_gaps).tolist() == [[0, 1, 0]]


def test_columns_are_taken_by_name_and_more_are_passed_over():
    turned = Frame({name: MIXED[name] for name in ("visits", "city", "age")} | {"more": CITIES})
    np.testing.assert_array_equal(encoding_of(MIXED).rows(turned), encoding_of(MIXED).rows(MIXED))


def test_a_column_of_gaps_alone_is_0():
    empty = Frame({"age": np.array([NAN, NAN]), "k": np.array([1, 2])})
    assert encoding_of(empty).columns[0] == NumberColumn(name="age", fill=0.0, marked=True)


def test_of_many_categories_the_most_frequent_are_kept(monkeypatch):
    monkeypatch.setattr(encoding, "MOST_CATEGORIES", 2)
    frame = Frame({"name": np.array(["c", "b", "b", "a", "c", "d"], object)})
    with pytest.warns(EncodingNotice, match="holds 4 categories; the 2 most frequent are kept"):
        made = encoding_of(frame)
    assert made.columns[0].categories == ("b", "c")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # that others count as none was told
        assert made.rows(frame)[3].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"age": [1.0, np.inf]}, "X: row 1, column 'age' (rows count from 0): holds inf; replace it"),
        ({"age": ["old", 3]}, "X: row 0, column 'age' (rows count from 0): holds 'old', which is no number"),
        ({"agee": [1, 2]}, "X: lacks column 'age'; did you mean 'agee'?"),
        (
            {"age": np.array(["2020-01-01"] * 2, "M8[D]")},
            "X: column 'age': holds datetime64[D]; give numbers",
        ),
        ({"age": np.array([b"1", b"2"])}, "X: column 'age': holds |S1; give numbers"),
    ],
)
def test_what_is_no_such_column_is_said_with_its_place(columns, words):
    given = {"city": CITIES[:2]} | {name: np.asarray(values) for name, values in columns.items()}
    if "age" in columns and isinstance(columns["age"][0], str):
        given["age"] = np.array(columns["age"], object)
    with pytest.raises(DataError, match=re.escape(words)):
        encoding_of(MIXED.without("visits")).rows(Frame(given))


def test_rows_without_names_are_refused_and_two_columns_of_one_name():
    with pytest.raises(
        DataError, match="X: has no names of columns; give a data frame of those trained on, 'age'"
    ):
        encoding_of(MIXED).rows(np.zeros((2, 3)))
    pandas = pytest.importorskip("pandas")
    with pytest.raises(DataError, match="two columns are called 'a'"):
        encoding_of(pandas.DataFrame([["x", "y"]], columns=["a", "a"]))


def test_a_gap_among_categories_that_are_numbers_is_none_of_them():
    pandas = pytest.importorskip("pandas")
    made = encoding_of(pandas.DataFrame({"ward": pandas.Categorical([1.0, 2.0, None])}))
    assert made.columns == (CategoryColumn(name="ward", categories=("1", "2", None)),)


def test_numbers_stay_float32_where_it_holds_them_all():
    narrow = Frame(
        {"a": np.array([0.5, np.nan], np.float32), "b": np.array([True, False]), "c": np.array(["x", "y"])}
    )
    encoding = encoding_of(narrow)
    assert encoding.rows(narrow).dtype == np.float32
    wide = Frame({name: narrow[name] for name in "abc"} | {"b": np.array([2**40 + 1, 0])})
    assert encoding.rows(wide).tolist() == [[0.5, 0, 2**40 + 1, 1, 0], [0.5, 1, 0, 0, 1]]


def test_a_column_of_lists_is_named_with_the_row():
    lists = np.empty(2, object)
    lists[:] = [np.array([1, 2]), np.array([3])]
    with pytest.raises(
        DataError, match=r"row 0, column 'pair' .* which is neither number nor text; give numbers"
    ):
        encoding_of(Frame({"pair": lists}))
    with pytest.raises(
        DataError, match="X: column 'pair': holds several values a row; give each a column of its"
    ):
        encoding_of(Frame({"pair": np.zeros((2, 2))}))


def test_texts_that_were_hardly_meant_for_categories_are_told_with_their_column():
    frame = Frame({"c": np.array([f"2020-01-{day + 1:02}" for day in range(30)], object)})
    with pytest.warns(
        EncodingNotice, match="X: column 'c': holds 30 different texts in 30 rows, such as '2020-01-01'"
    ):
        encoding_of(frame)
