"""What losses are at scores where they are known in closed form, and where floating point is at its edge."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.nn.losses import LOSSES, CrossEntropy, Hinge
from chainrule.nn.penalty import forward as penalty


@pytest.mark.parametrize(("loss", "expected"), [(CrossEntropy(), np.log(10)), (Hinge(), 9.0)])
def test_at_zero_scores(loss, expected):
    values, _ = loss.forward(np.zeros((2, 5, 10)), np.arange(5))
    np.testing.assert_allclose(values, expected)


@pytest.mark.parametrize("name", LOSSES)
def test_a_constant_on_all_scores_changes_nothing(name):
    s, y = np.random.default_rng(0).normal(size=(2, 6, 4)), np.array([0, 1, 2, 3, 0, 1])
    first, _ = LOSSES[name].forward(s, y)
    second, _ = LOSSES[name].forward(s + 7.0, y)
    np.testing.assert_allclose(first, second, rtol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_error_sums_to_zero_over_classes(name):
    s, y = np.random.default_rng(0).normal(size=(2, 6, 4)), np.array([0, 1, 2, 3, 0, 1])
    _, cache = LOSSES[name].forward(s, y)
    np.testing.assert_allclose(LOSSES[name].backward(cache).sum(axis=2), 0, atol=1e-15)


def test_cross_entropy_of_huge_scores_is_exact():
    s = np.array([[[1e4, 0.0, -1e4], [1e4, 0.0, -1e4]]])
    values, cache = CrossEntropy().forward(s, np.array([0, 2]))
    np.testing.assert_allclose(values, [[0.0, 2e4]])
    np.testing.assert_allclose(CrossEntropy().backward(cache), [[[0, 0, 0], [0.5, 0, -0.5]]])


def test_hinge_by_hand():
    values, cache = Hinge().forward(np.array([[[1.0, 1.5, -3.0], [0.0, 5.0, 0.0]]]), np.array([0, 1]))
    np.testing.assert_allclose(values, [[1.5, 0.0]])
    np.testing.assert_allclose(Hinge().backward(cache), [[[-0.5, 0.5, 0], [0, 0, 0]]])


def test_penalty_has_no_half():
    np.testing.assert_allclose(
        penalty(np.array([[[3.0, 4.0]], [[1.0, 0.0]]]), np.array([0.1, 2.0])), [2.5, 2.0]
    )
