"""Initial weights: deviations, draws shared by members, draws kept apart by seed and layer."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import INITS
from chainrule.nn.inits.draw import draw
from chainrule.nn.inits.normal import Normal


@pytest.mark.parametrize(
    ("init", "expected"), [(Normal(normal=0.3), 0.3), ("xavier", 1 / np.sqrt(800)), ("he", np.sqrt(2 / 800))]
)
def test_deviation_of_the_draws(init, expected):
    assert INITS.of(init).deviation(init, 800) == pytest.approx(expected)
    W, b = draw(0, 1, [init], 50, 800, np.float64)
    assert W.std() == pytest.approx(expected, rel=0.02)
    assert abs(W.mean()) < 4 * expected / np.sqrt(W.size)
    assert not b.any()


def test_the_report_s_xavier_deviation():
    assert INITS["xavier"].deviation(None, 3072) == pytest.approx(0.018042, abs=5e-7)


def test_members_scale_the_same_draws():
    W, b = draw(3, 1, [Normal(normal=0.1, bias=0.2), Normal(normal=0.4)], 5, 7, np.float64)
    np.testing.assert_allclose(W[1], 4 * W[0])
    assert b[0].all()
    assert not b[1].any()


def test_biases_have_draws_of_their_own():
    W, b = draw(0, 1, [Normal(normal=1.0, bias=1.0)], 5, 7, np.float64)
    assert not np.isin(b, W).any()


def test_a_member_draws_the_same_alone():
    together, _ = draw(3, 2, ["he", "xavier"], 5, 7, np.float32)
    alone, _ = draw(3, 2, ["xavier"], 5, 7, np.float32)
    np.testing.assert_array_equal(alone[0], together[1])


def test_seed_and_layer_change_the_draws():
    base, _ = draw(0, 1, ["he"], 5, 7, np.float64)
    for seed, layer in [(1, 1), (0, 2)]:
        other, _ = draw(seed, layer, ["he"], 5, 7, np.float64)
        assert not np.isclose(base, other).any()
