"""The hinge at scores where it is known by hand."""

from __future__ import annotations

import numpy as np

from chainrule.nn.losses.hinge import active, backward, forward

S, Y = np.random.default_rng(0).normal(size=(2, 6, 4)), np.array([0, 1, 2, 3, 0, 1])


def test_at_zero_scores():
    values, _ = forward(np.zeros((2, 5, 10)), np.arange(5))
    np.testing.assert_allclose(values, 9.0)


def test_a_constant_on_all_scores_changes_nothing():
    np.testing.assert_allclose(forward(S, Y)[0], forward(S + 7.0, Y)[0], rtol=1e-12)


def test_error_sums_to_zero_over_classes():
    _, cache = forward(S, Y)
    np.testing.assert_allclose(backward(cache).sum(axis=2), 0, atol=1e-15)


def test_by_hand():
    values, cache = forward(np.array([[[1.0, 1.5, -3.0], [0.0, 5.0, 0.0]]]), np.array([0, 1]))
    np.testing.assert_allclose(values, [[1.5, 0.0]])
    np.testing.assert_array_equal(active(cache), [[[False, True, False], [False] * 3]])
    np.testing.assert_allclose(backward(cache), [[[-0.5, 0.5, 0], [0, 0, 0]]])
