"""Weights over their mean, and what they are multiplied with."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.nn.weighting import relative, weighed


def test_the_mean_of_what_is_weighed_is_the_weighted_mean():
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=(2, 7, 3)), rng.uniform(0, 5, (2, 7))
    r, moves = relative(weights)
    assert moves.tolist() == [True, True]
    expected = [np.average(values[p], axis=0, weights=weights[p]) for p in range(2)]
    np.testing.assert_allclose(weighed(values, r).mean(axis=1), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_types_are_kept(dtype):
    assert weighed(np.ones((1, 2, 1), dtype), np.ones((1, 2))).dtype == dtype


def test_without_weights_it_is_the_same_array():
    values = np.ones((1, 2))
    assert weighed(values, None) is values


def test_weights_of_nothing_are_finite_and_move_nobody():
    r, moves = relative(np.array([[0.0, 0.0], [0.0, 1e-300]]))
    assert np.isfinite(r).all()
    assert moves.tolist() == [False, True]
