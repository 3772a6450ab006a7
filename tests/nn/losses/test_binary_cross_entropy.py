"""Binary cross-entropy by hand, with several labels a row, at scores that overflow, and beside autograd."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from chainrule.nn.losses import binary_cross_entropy
from chainrule.nn.losses.binary_cross_entropy import backward, forward, targets
from support.numeric import central_difference

RNG = np.random.default_rng(0)
S = RNG.normal(0, 2, (3, 5, 4))
SEVERAL = RNG.integers(0, 2, (5, 4), np.uint8)
LABELS = np.array([0, 3, 1, 1, 2], np.uint8)


def cost(s, y):
    p, t = 1 / (1 + anp.exp(-s)), targets(y, s.shape[2])
    return anp.sum(-(t * anp.log(p) + (1 - t) * anp.log(1 - p))) / len(y)


@pytest.mark.parametrize("y", [LABELS, SEVERAL, SEVERAL * 0], ids=["labels", "several", "none"])
def test_it_is_the_formula_with_its_gradient(y):
    losses, cache = forward(S, y)
    np.testing.assert_allclose(losses.mean(axis=1).sum(), cost(S, y), rtol=1e-12)
    ds = backward(cache)
    np.testing.assert_allclose(ds, grad(cost)(S, y), rtol=0, atol=1e-12)
    numeric = central_difference(lambda: float(forward(S, y)[0].mean(axis=1).sum()), S)
    np.testing.assert_allclose(ds, numeric, rtol=0, atol=1e-9)


def test_one_output_is_logistic_regression():
    s, y = S[:, :, :1], SEVERAL[:, :1]
    expected = np.where(y[:, 0], np.log1p(np.exp(-s[:, :, 0])), np.log1p(np.exp(s[:, :, 0])))
    np.testing.assert_allclose(forward(s, y)[0], expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_scores_are_finite_and_exact(dtype):
    losses, cache = forward(np.array([[[1e4, -1e4]]], dtype), np.array([[1, 1]]))
    assert losses.tolist() == [[1e4]]
    assert backward(cache).tolist() == [[[0, -1]]]
    assert losses.dtype == dtype


def test_what_is_several_is_said_by_its_record():
    assert binary_cross_entropy.BINARY_CROSS_ENTROPY.several
