"""e^x of many numbers at once, held to NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines.exponential import exponentials
from chainrule.train.engines.parts import PART

OPTIONS = {name: PART[name] for name in ("error_model", "fastmath")}


@njit(**OPTIONS)
def raised(x):
    exponentials(x)


@pytest.mark.parametrize(("dtype", "bound"), [(np.float32, 4e-7), (np.float64, 1e-15)])
def test_every_number_is_nearly_exact(dtype, bound):
    x = -np.linspace(0, 86, 10_001).astype(dtype)
    y = x.copy()
    raised(y)
    np.testing.assert_allclose(y, np.exp(x.astype(np.float64)), rtol=bound)
    near = x > -10
    np.testing.assert_allclose(y[near], np.exp(x[near].astype(np.float64)), rtol=min(bound, 1e-7))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_ends_and_what_is_no_number(dtype):
    x = np.array([0, -0.0, -1000, -np.inf, np.nan] * 9, dtype)
    raised(x)
    np.testing.assert_array_equal(x, np.array([1, 1, 0, 0, np.nan] * 9, dtype))
