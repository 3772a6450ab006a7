"""Squared error by hand."""

from __future__ import annotations

import numpy as np

from chainrule.nn.losses.squared_error import backward, forward


def test_by_hand():
    values, cache = forward(np.array([[[1.0], [4.0]], [[0.0], [2.0]]]), np.array([2.0, 2.0]))
    np.testing.assert_array_equal(values, [[1, 4], [4, 0]])
    np.testing.assert_array_equal(backward(cache), [[[-1.0], [2.0]], [[-2.0], [0.0]]])


def test_at_the_mean_errors_sum_to_zero():
    y = np.random.default_rng(0).normal(size=50)
    values, cache = forward(np.full((1, 50, 1), y.mean()), y)
    np.testing.assert_allclose(values.mean(), y.var())
    np.testing.assert_allclose(backward(cache).sum(), 0, atol=1e-15)
