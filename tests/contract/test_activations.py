"""What holds for every activation."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import ACTIVATIONS
from support.components import names
from support.numeric import central_difference

activations = pytest.mark.parametrize("name", names(ACTIVATIONS))


def scores(dtype=np.float64):
    return np.random.default_rng(0).normal(size=(3, 5, 4)).astype(dtype)


@activations
def test_backward_is_the_gradient_by_central_differences(name):
    activation, s, dh = ACTIVATIONS[name], scores(), np.random.default_rng(1).normal(size=(3, 5, 4))
    numeric = central_difference(lambda: float((activation.forward(s.copy())[0] * dh).sum()), s)
    _, cache = activation.forward(s.copy())
    np.testing.assert_allclose(activation.backward(dh.copy(), cache), numeric, rtol=0, atol=1e-8)


@activations
def test_backward_is_the_gradient_by_the_complex_step(name):
    activation, s = ACTIVATIONS[name], scores()
    h, _ = activation.forward(s + 1e-20j)
    _, cache = activation.forward(s.copy())
    np.testing.assert_allclose(activation.backward(np.ones_like(s), cache), h.imag / 1e-20, rtol=1e-12)


@activations
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_are_kept_and_every_element_is_by_itself(name, dtype):
    activation, s = ACTIVATIONS[name], scores(dtype)
    h, cache = activation.forward(s.copy())
    ds = activation.backward(np.ones_like(h), cache)
    assert (h.dtype, h.shape) == (ds.dtype, ds.shape) == (dtype, s.shape)
    flat, flat_cache = activation.forward(s.reshape(-1).copy())
    np.testing.assert_array_equal(h.reshape(-1), flat)
    np.testing.assert_array_equal(ds.reshape(-1), activation.backward(np.ones_like(flat), flat_cache))


@activations
def test_not_a_number_shows(name):
    h, _ = ACTIVATIONS[name].forward(np.array([np.nan, 1.0]))
    assert np.isnan(h).tolist() == [True, False]


@activations
def test_the_slope_jumps_where_the_piece_changes_and_nowhere_else(name):
    activation, s = ACTIVATIONS[name], np.linspace(-3, 3, 6002)
    _, cache = activation.forward(s.copy())
    jumps = np.abs(np.diff(activation.backward(np.ones_like(s), cache))) > 0.01
    if activation.pieces is None:
        assert not jumps.any()
    else:
        np.testing.assert_array_equal(jumps, np.diff(activation.pieces(cache).astype(float)) != 0)
        assert jumps.any()
