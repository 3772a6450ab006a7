"""Cross-entropy at scores where it is known in closed form, and where floating point is at its edge."""

from __future__ import annotations

import numpy as np

from chainrule.nn.losses.cross_entropy import backward, forward

S, Y = np.random.default_rng(0).normal(size=(2, 6, 4)), np.array([0, 1, 2, 3, 0, 1])


def test_at_zero_scores():
    values, _ = forward(np.zeros((2, 5, 10)), np.arange(5))
    np.testing.assert_allclose(values, np.log(10))


def test_a_constant_on_all_scores_changes_nothing():
    np.testing.assert_allclose(forward(S, Y)[0], forward(S + 7.0, Y)[0], rtol=1e-12)


def test_error_sums_to_zero_over_classes():
    _, cache = forward(S, Y)
    np.testing.assert_allclose(backward(cache).sum(axis=2), 0, atol=1e-15)


def test_huge_scores_are_exact():
    s = np.array([[[1e4, 0.0, -1e4], [1e4, 0.0, -1e4]]])
    values, cache = forward(s, np.array([0, 2]))
    np.testing.assert_allclose(values, [[0.0, 2e4]])
    np.testing.assert_allclose(backward(cache), [[[0, 0, 0], [0.5, 0, -0.5]]])
