"""Anybody's labels: their classes, what is refused and where it stands, and which rows are drawn."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.labels import (
    DrawNotice,
    coded,
    drawn,
    drawn_groups,
    grouping,
    labels,
    measurements,
    several,
    told,
)
from chainrule.errors import DataError


@pytest.mark.parametrize(
    "y",
    [
        ["b", "a", "b"],
        [b"b", b"a", b"b"],
        [3, -1, 3],
        [2.0, 1.0, 2.0],
        [True, False, True],
        np.array(["b", "a", "b"], object),
        np.array([3, 1, 3], object),
        np.array([3, 1, 3], np.uint8),
    ],
)
def test_labels_of_every_kind_have_classes_in_rising_order(y):
    classes, codes = coded(labels(y))
    assert codes.tolist() == [1, 0, 1]
    assert codes.dtype == np.uint8
    assert classes.tolist() == sorted(set(y))


def test_more_classes_than_a_byte_holds():
    _, codes = coded(np.arange(300))
    assert codes.tolist() == list(range(300))


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([[1], [2]], "ravel()"),
        ([[1, 2], [2, 3]], "one label a row"),
        ([1.0, float("nan")], "row 1 (from 0): holds nan, which is no label"),
        (["a", None], "row 1 (from 0): holds None, which is no label"),
        ([1.0, 0.5], "row 1 (from 0): holds 0.5, which is no class"),
        (np.array(["a", 1], object), "holds int and str"),
        (np.array(["2020-01-01"], "datetime64[D]"), "datetime64"),
        (np.array([{1}, {2}], object), "holds set"),
    ],
)
def test_what_is_no_label_is_said_in_one_line(y, words):
    with pytest.raises(DataError) as refused:
        labels(y)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("y", [[1, 2], [1.5, -2.0], [True, False], np.array([1.5, 2.0], object)])
def test_numbers_are_measurements(y):
    assert measurements(y).tolist() == [float(value) for value in y]


@pytest.mark.parametrize(
    ("y", "words"), [(["a", "b"], "y: holds text; give numbers"), ([1.0, np.inf], "row 1")]
)
def test_what_cannot_be_learned_as_a_number(y, words):
    with pytest.raises(DataError, match=words):
        measurements(y)


def test_one_class_is_refused_by_its_name():
    with pytest.raises(DataError, match="y: holds one class, a, alone"):
        coded(np.array(["a", "a"]))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.floats(0.01, 0.99), st.integers(0, 9))
def test_each_class_gives_its_share_and_keeps_a_row(classes, share, seed):
    codes = np.array(classes)
    rows = drawn(codes, share, True, seed, "val")
    assert len(set(rows.tolist())) == len(rows)
    for code, count in zip(*np.unique(codes, return_counts=True), strict=True):
        got = int((codes[rows] == code).sum())
        assert got == min(round(share * count), count - 1)


def test_a_draw_is_keyed_by_seed_and_purpose():
    codes = np.zeros(100, int)
    first = drawn(codes, 0.3, False, 0, "val")
    assert (first == drawn(codes, 0.3, False, 0, "val")).all()
    assert set(first.tolist()) != set(drawn(codes, 0.3, False, 1, "val").tolist())
    assert set(first.tolist()) != set(drawn(codes, 0.3, False, 0, "test").tolist())


def test_measurements_are_told_and_no_labels():
    assert told(np.array([0.5, 1.5])).tolist() == [0.5, 1.5]
    with pytest.raises(DataError, match="row 1"):
        told([0.5, float("inf")])


@pytest.mark.parametrize(
    ("y", "line"),
    [
        (
            [[0, 1], [1, 3]],
            "y: row 1 (from 0): holds 3; write 1 where a row has the label, and 0 where it has not",
        ),
        (
            [[0.5, 1.0]],
            "y: row 0 (from 0): holds 0.5; write 1 where a row has the label, and 0 where it has not",
        ),
        (
            [[np.nan, 1.0]],
            "y: row 0 (from 0): holds nan; write 1 where a row has the label, and 0 where it has not",
        ),
        ([0, 1], "y: holds int64 (2,); give a row of 0 and 1 for each row of X"),
        ([["a"]], "y: holds <U1 (1, 1); give a row of 0 and 1 for each row of X"),
    ],
)
def test_several_labels_a_row_are_0_and_1(y, line):
    with pytest.raises(DataError) as refused:
        several(y)
    assert refused.value.problems == (line,)


@pytest.mark.parametrize("stratify", [True, False])
def test_groups_are_drawn_whole_and_one_of_each_class_is_left(stratify):
    groups = np.repeat(np.arange(20), 5)
    codes = np.repeat([0, 1], 50)
    rows = drawn_groups(codes, groups, 0.3, stratify, 0, "val")
    assert not set(groups[rows]) & set(np.delete(groups, rows))
    assert len(rows) == 30
    if stratify:
        assert np.bincount(codes[rows]).tolist() == [15, 15]
    assert len(drawn_groups(codes, np.zeros(100), 0.9, stratify, 0, "val")) == 0


def test_a_class_of_too_few_groups_to_be_drawn_of_is_told():
    codes, groups = np.repeat([0, 1], [200, 100]), np.append(np.repeat(np.arange(20), 10), np.full(100, 99))
    with pytest.warns(
        DrawNotice, match="groups: of 1 of 2 classes no row is drawn to validate on, as their groups"
    ):
        rows = drawn_groups(codes, groups, 0.2, True, 0, "val")
    assert codes[rows].tolist() == [0] * 40


def test_a_row_without_a_group_is_told():
    with pytest.raises(DataError, match=r"groups: row 1 \(from 0\): holds None"):
        grouping(["a", None], 2)
    with pytest.raises(DataError, match="groups: are 2 for 3 rows; give one for each"):
        grouping(["a", "b"], 3)


def test_decimals_are_numbers():
    assert told(np.array([Decimal("1.5"), Decimal("2")], object)).tolist() == [1.5, 2.0]
    with pytest.raises(DataError, match="y: holds Decimal and str"):
        told(np.array([Decimal("1.5"), "2"], object))
