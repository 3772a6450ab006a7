"""Anybody's numbers: what is taken as it is, what becomes float32, what is refused, and where it stands."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.values import column_keys, column_names, numbers, table, weights
from chainrule.errors import DataError


class Frame:
    """A data frame as far as this matters."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, dtype=object)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_bytes_and_float32_are_no_copy(dtype, tmp_path):
    X = np.arange(6).reshape(3, 2).astype(dtype)
    assert np.shares_memory(numbers(X), X)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert np.shares_memory(numbers(mapped), mapped)


@pytest.mark.parametrize(
    ("X", "dtype"),
    [
        (np.array([[True, False]]), np.uint8),
        (np.array([[1, -2]]), np.float32),
        (np.array([[1.5, 2]]), np.float32),
        (np.array([[1.5, 2]], ">f4"), np.float32),
        ([["1.5", "2"]], np.float32),
        (Frame([[1, 2.5], [3, 4]], ["a", "b"]), np.float32),
    ],
)
def test_other_numbers_become_bytes_or_float32(X, dtype):
    read = numbers(X)
    assert (read.dtype, read.dtype.isnative) == (dtype, True)
    np.testing.assert_array_equal(read, np.asarray(X).astype(float))


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("X", "words"),
    [
        ([1, 2], "reshape(-1, 1)"),
        ([[[1]]], "flatten"),
        ([[1, 2], [3]], "not of one length"),
        (np.zeros((0, 3)), "no rows"),
        (np.zeros((3, 0)), "no columns"),
        ([[1j]], "complex128"),
        ([[1.0, 2.0], [3.0, NAN]], "row 1, column 1 (both from 0): holds NaN; fill it"),
        ([[1.0, -INF], [3.0, NAN]], "row 0, column 1 (both from 0): holds -inf, the first of 2 such values"),
        (
            Frame([[1, "m"]], ["age", "sex"]),
            "row 0, column 'sex' (rows count from 0): holds 'm', which is no number",
        ),
        (Frame([[1, None]], ["age", "sex"]), "row 0, column 'sex' (rows count from 0): holds NaN"),
        ([[1e39], [0]], "column 0: float32 has no room for its values"),
        ([[1e-300], [0]], "column 0: float32 has no room for its values"),
        (np.ma.masked_greater([[1.0, 9.0]], 5), "masked values"),
        ([[1e9], [1e9 + 1]], "column 0: float32 cannot tell its values apart"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_line_with_its_place(X, words):
    with pytest.raises(DataError) as refused:
        numbers(X, "X")
    (line,) = refused.value.problems
    assert words in line
    assert "\n" not in line


def test_a_sparse_matrix_is_refused():
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(DataError, match="toarray"):
        table(sparse.eye(2).tocsr())


@given(st.integers(0, 9_999), st.integers(0, 2), st.sampled_from([NAN, INF, -INF]))
def test_the_first_odd_value_of_a_large_table_is_found(row, column, value):
    X = np.zeros((10_000, 3), np.float32)
    X[row, column] = X[-1, 2] = value
    with pytest.raises(DataError, match=f"row {row}, column {column} "):
        table(X)


def test_a_column_that_never_varies_is_not_taken_for_one_that_float32_merges():
    assert numbers(np.full((3, 1), 1e9 + 1)).dtype == np.float32


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([1.0], "have shape (1,) for 3 rows"),
        ([[1.0, 2.0, 3.0]], "have shape (1, 3) for 3 rows"),
        ([1, np.nan, 2], "row 1 (from 0): weighs nan; give 0 or more"),
        ([1, 2, np.inf], "row 2 (from 0): weighs inf; give 0 or more"),
        ([0, 0, 0], "are zero, all of them; give some rows more"),
        (["a", "b", "c"], "are no numbers; give one for each row"),
    ],
)
def test_weights_that_cannot_be_are_one_line(given, words):
    with pytest.raises(DataError, match=re.escape(f"weights: {words}")):
        weights(given, 3)


def test_names_are_those_that_are_given_or_a_frame_s():
    frame = Frame([[1, 2]], ["a", 7])
    assert column_names(frame) == ("a", "7")
    assert column_names(frame, ["x", "y"]) == ("x", "y")
    assert column_names(np.zeros((1, 2))) is None


def test_a_name_that_stands_twice_is_refused():
    assert column_keys(Frame([[1, 2]], ["a", 1])) == {"a": "a", "1": 1}
    with pytest.raises(DataError, match="later: two columns are called '1'; give each a name of its own"):
        column_keys(Frame([[1, 2]], ["1", 1]), "later")
