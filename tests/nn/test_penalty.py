"""The l2 penalty by hand."""

from __future__ import annotations

import numpy as np

from chainrule.nn.penalty import forward


def test_penalty_has_no_half():
    np.testing.assert_allclose(
        forward(np.array([[[3.0, 4.0]], [[1.0, 0.0]]]), np.array([0.1, 2.0])), [2.5, 2.0]
    )
