"""Rows in an order of their own: what an array of them would give, of one table or several, and no copy."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from chainrule.chosen import BLOCK, ChosenRows, blocks, lying, part_of

RNG = np.random.default_rng(0)
TABLES = [RNG.normal(size=(count, 3)).astype(np.float32) for count in (7, 1, 5)]
ORDER = RNG.permutation(13)
ARRAY = np.concatenate(TABLES)[ORDER]


@pytest.fixture(params=["of one table", "of several"])
def chosen(request):
    return ChosenRows([np.concatenate(TABLES)] if request.param == "of one table" else TABLES, ORDER)


@pytest.mark.parametrize(
    "index",
    [0, -1, slice(2, 9, 3), slice(0, 0), np.array([3, 3, 0]), ARRAY[:, 0] > 0, range(2, 4), (slice(3), 1)],
)
def test_they_are_indexed_as_an_array_is(chosen, index):
    found = chosen[index]
    np.testing.assert_array_equal(found, ARRAY[index])
    assert found.dtype == ARRAY.dtype


def test_they_do_what_an_array_does(chosen):
    assert (chosen.shape, chosen.dtype, len(chosen)) == (ARRAY.shape, ARRAY.dtype, len(ARRAY))
    np.testing.assert_array_equal(np.asarray(chosen), ARRAY)
    np.testing.assert_array_equal(list(chosen), list(ARRAY))
    np.testing.assert_array_equal(chosen / 2 == 0.5 * chosen, np.ones_like(ARRAY))
    np.testing.assert_array_equal(chosen.mean(axis=0), ARRAY.mean(axis=0))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(chosen)), ARRAY)


def test_parts_are_no_copies_and_lie_in_one_table_where_they_can():
    order = np.array([6, 0, 7, 12, 8])
    chosen = ChosenRows(TABLES, order)
    table, rows = lying(part_of(chosen, slice(3, 5)))
    assert table is TABLES[2]
    assert rows.tolist() == [4, 0]
    table, rows = lying(part_of(chosen, slice(1, 4)))
    np.testing.assert_array_equal(table[rows], np.concatenate(TABLES)[order[1:4]])
    assert len(part_of(chosen, slice(5, 5))[:]) == 0


def test_blocks_are_all_rows_in_their_order():
    table = np.arange(BLOCK + 3).reshape(-1, 1)
    chosen = ChosenRows([table], np.arange(len(table))[::-1])
    assert [len(block) for block in blocks(chosen)] == [BLOCK, 3]
    np.testing.assert_array_equal(np.concatenate([*blocks(chosen)]), table[::-1])
