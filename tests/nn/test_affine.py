"""Products with weights, members side by side."""

from __future__ import annotations

import numpy as np

from chainrule.nn import affine
from support.numeric import central_difference


def test_affine_input_gradient_equals_central_differences():
    rng = np.random.default_rng(3)
    x, W, b, weight = (rng.normal(size=shape) for shape in [(2, 5, 4), (2, 3, 4), (2, 3), (2, 5, 3)])
    s, cache = affine.forward(x, W, b)
    numeric = central_difference(lambda: float((affine.forward(x, W, b)[0] * weight).sum()), x)
    np.testing.assert_allclose(affine.backward_input(weight, cache), numeric, atol=1e-9)
    np.testing.assert_allclose(s, np.einsum("pnd,pkd->pnk", x, W) + b[:, None], rtol=1e-13)
