"""What an estimator is given: centred where float32 would round too much, and what never varies is told."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import chosen
from chainrule.errors import DataError
from chainrule.estimators.parameters import FitNotice
from chainrule.estimators.rows import are_drawable, dataset

CODES = np.array([0, 1] * 10)


def test_large_tables_of_bytes_and_float32_are_no_copy(monkeypatch):
    monkeypatch.setattr(chosen, "COPIED", 0)
    for dtype in (np.uint8, np.float32):
        X = np.arange(20).reshape(20, 1).astype(dtype)
        data, mean = dataset(X, CODES, None, None, 0)
        assert np.shares_memory(data.images, X)
        assert mean.tolist() == [0.0]


@pytest.mark.parametrize("codes", [np.arange(1000) % 2, np.arange(1000) // 2, np.arange(1000.0) // 2])
def test_what_is_drawable_is_what_is_drawn(codes):
    weights = np.where(np.arange(1000) < 6, 1.0, 0.0)
    if not are_drawable(codes, 0.1, 0):
        with pytest.raises(DataError, match="draws 0 of 1000 rows"):
            dataset(np.zeros((1000, 1)), codes, None, 0.1, 0)
        return
    data, _ = dataset(np.arange(1000.0)[:, np.newaxis], codes, None, 0.1, 0)
    assert len(data.batches["val"]) == 100
    seen = [are_drawable(codes, 0.1, seed, weights) for seed in range(20)]
    assert True in seen
    assert False in seen


def test_other_numbers_are_centred():
    X = np.arange(20.0).reshape(20, 1) + 1e12
    data, mean = dataset(X, CODES, None, None, 0)
    assert data.images.dtype == np.float32
    np.testing.assert_array_equal(data.images + mean, X)


def test_a_column_that_varies_by_rounding_alone_never_varies():
    X = np.c_[np.where(CODES, 0.3, 0.1 + 0.2), CODES]
    with pytest.warns(FitNotice, match="X: column 'a' never varies in the rows to train on"):
        data, _ = dataset(X, CODES, ["a", "b"], None, 0)
    assert (data.images[:, 0] == 0).all()


def test_of_many_such_columns_some_are_named():
    X = np.c_[np.zeros((20, 7)), CODES]
    with pytest.warns(FitNotice, match="X: columns 0, 1, 2, 3, 4 and 2 more never vary"):
        dataset(X, CODES, None, None, 0)


def test_rows_to_validate_on_are_of_every_class():
    data, _ = dataset(np.random.default_rng(0).normal(size=(20, 2)), CODES, None, 0.2, 0)
    assert np.bincount(data.labels[data.batches["val"]]).tolist() == [2, 2]


def test_values_too_large_for_float32_are_refused_by_their_column():
    with pytest.raises(DataError, match="X: column 'a': float32 has no room for its values"):
        dataset(np.c_[CODES * 1e300], CODES, ["a"], None, 0)
