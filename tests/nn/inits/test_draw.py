"""Initial weights: deviations by their formulas, draws kept apart by seed and layer."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import INITS
from chainrule.nn.inits.draw import draw
from chainrule.nn.inits.normal import Normal


@pytest.mark.parametrize(
    ("init", "expected"), [(Normal(normal=0.3), 0.3), ("xavier", 1 / np.sqrt(800)), ("he", np.sqrt(2 / 800))]
)
def test_deviations(init, expected):
    assert INITS.of(init).deviation(init, 800, 50) == pytest.approx(expected)
    _, b = draw(0, 1, [init], 50, 800, np.float64)
    assert not b.any()


def test_the_report_s_xavier_deviation():
    assert INITS["xavier"].deviation(None, 3072, 10) == pytest.approx(0.018042, abs=5e-7)


def test_biases_have_draws_of_their_own():
    W, b = draw(0, 1, [Normal(normal=1.0, bias=1.0), Normal(normal=0.4)], 5, 7, np.float64)
    assert not np.isin(b[0], W).any()
    assert not b[1].any()


def test_seed_and_layer_change_the_draws():
    base, _ = draw(0, 1, ["he"], 5, 7, np.float64)
    for seed, layer in [(1, 1), (0, 2)]:
        other, _ = draw(seed, layer, ["he"], 5, 7, np.float64)
        assert not np.isclose(base, other).any()
