"""Activations of compiled code beside those of the layers, number by number."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines.elementwise import RECORDS, activate
from chainrule.train.engines.parts import PART

OPTIONS = {name: PART[name] for name in ("error_model", "fastmath")}
ENDS = [0, 100, -100, 1e4, -1e4, np.nan]


@njit(**OPTIONS)
def activated(kind, values, slopes):
    activate(kind, values, len(values), values.shape[1] - 2, slopes)


@pytest.mark.parametrize(("dtype", "bound"), [(np.float32, 2e-6), (np.float64, 1e-14)])
def test_values_and_slopes_are_those_of_the_layers_and_lanes_beyond_stay(dtype, bound):
    s = np.concatenate([ENDS, np.linspace(-9, 9, 90)]).astype(dtype).reshape(6, 16)
    for kind, record in enumerate(RECORDS):
        values, slopes = np.pad(s, ((0, 0), (0, 2)), constant_values=7), np.full((6, 18), 8, dtype)
        activated(kind, values, slopes)
        h, cache = record.forward(s.astype(np.float64))
        ds = record.backward(np.ones((6, 16)), cache)
        for got, expected in ((values, h), (slopes, ds)):
            numbers = ~np.isnan(s)
            atol = bound * np.maximum(1, np.abs(expected))
            assert (np.abs(got[:, :16] - expected) <= atol)[numbers].all(), record.name
        assert np.isnan(values[0, 5])
        assert (values[:, 16:] == 7).all()
        assert (slopes[:, 16:] == 8).all()


def test_kernels_are_the_same_functions_uncompiled():
    s = np.linspace(-5, 5, 31)
    for record in RECORDS:
        element = record.kernel(np.float64)
        h, cache = record.forward(s.copy())
        pairs = np.array([element(one) for one in s])
        np.testing.assert_allclose(pairs[:, 0], h, rtol=0, atol=1e-14)
        np.testing.assert_allclose(pairs[:, 1], record.backward(np.ones(31), cache), rtol=0, atol=1e-14)
