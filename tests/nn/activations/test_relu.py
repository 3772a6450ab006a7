"""ReLU at scores of either sign, and at its kink."""

from __future__ import annotations

import numpy as np

from chainrule.nn.activations.relu import backward, forward


def test_by_hand():
    s = np.array([-2.0, 0.0, 3.0])
    h, cache = forward(s)
    np.testing.assert_array_equal(h, [0, 0, 3])
    np.testing.assert_array_equal(backward(np.array([5.0, 5.0, 5.0]), cache), [0, 0, 5])


def test_both_ways_work_in_place():
    s, dh = np.array([-2.0, 3.0]), np.ones(2)
    h, cache = forward(s)
    assert h is s
    assert backward(dh, cache) is dh
