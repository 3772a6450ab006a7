"""Dropout of compiled code: the bits that are NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.nn import dropout
from chainrule.rng import key
from chainrule.train.engines.counted import leave_out


@njit
def left_out(h, slopes, at, unit, layer, step, own, least, scale):
    leave_out(
        h, slopes, len(h), at, h.shape[1] - at, unit, layer, step, own, least, scale, np.zeros(4, np.uint64)
    )


@pytest.mark.parametrize("samples", [1, 5, 8, 21])
def test_who_is_left_out_is_as_the_layers_have_it(samples):
    share, seed, layer, step, first = 0.3, 5, 2, 2**33, 3
    m = dropout.mask([seed], layer, step, (samples, 10), np.array([share]), np.float64)[0]
    h, slopes = np.full((samples, 8), 3.0), np.full((samples, 8), 2.0)
    left_out(
        h, slopes, 1, first, layer, step, key(seed, "dropout"), np.uint64(share * 2**32), 1 / (1 - share)
    )
    np.testing.assert_array_equal(h[:, 1:], 3 * m[:, first:])
    np.testing.assert_array_equal(slopes[:, 1:], 2 * m[:, first:])
    assert (h[:, 0] == 3).all()
