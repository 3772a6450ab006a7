"""What kernels of components call, at its ends."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.nn.exponential import exponential, logistic


@pytest.mark.parametrize("real", [np.float32, np.float64])
def test_types_are_kept_and_nothing_overflows(real):
    with np.errstate(over="raise"):
        values = [logistic(real(x), real(1)) for x in (-1e4, -1, 0, 1, 1e4)]
    assert {type(value) for value in (*values, exponential(real(-1)))} == {real}
    np.testing.assert_allclose(values, [0, 0.26894142, 0.5, 0.73105858, 1], rtol=1e-6)
    assert np.isnan(logistic(real(np.nan), real(1)))
