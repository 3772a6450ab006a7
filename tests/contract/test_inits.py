"""What holds for every init."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import INITS
from chainrule.nn.inits.draw import draw
from support.prototypes import prototype_settings

WRITTEN = {
    "xavier": "xavier",
    "he": "he",
    "glorot": "glorot",
    "normal": {"normal": 0.3, "bias": 0.2},
    "halved": "halved",
}
"""A setting that chooses each."""
inits = pytest.mark.parametrize("name", WRITTEN)


def chosen(name):
    return prototype_settings(init=WRITTEN[name]).init


def test_every_init_is_tried():
    assert sorted(WRITTEN) == sorted(INITS)


@inits
def test_settings_choose_it_and_come_back_as_they_are_written(name):
    settings = prototype_settings(init=WRITTEN[name])
    assert INITS.of(settings.init).name == name
    assert settings.model_dump(mode="json")["init"] == WRITTEN[name]
    assert type(settings).model_validate_json(settings.model_dump_json()) == settings


@inits
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_draws_have_its_deviation_and_a_member_draws_the_same_alone(name, dtype):
    init = chosen(name)
    W, b = draw(0, 1, ["he", init], 50, 800, dtype)
    assert (W.shape, b.shape, W.dtype, b.dtype) == ((2, 50, 800), (2, 50), dtype, dtype)
    expected = INITS[name].deviation(init, 800, 50)
    assert W[1].std() == pytest.approx(expected, rel=0.02)
    assert abs(W[1].mean()) < 4 * expected / np.sqrt(W[1].size)
    assert b[1].std() == pytest.approx(INITS[name].bias(init, 800, 50), rel=0.3)
    for together, alone in zip((W, b), draw(0, 1, [init], 50, 800, dtype), strict=True):
        np.testing.assert_array_equal(together[1], alone[0])


@inits
def test_members_scale_the_same_draws(name):
    W, _ = draw(3, 2, ["xavier", chosen(name)], 5, 7, np.float64)
    share = INITS[name].deviation(chosen(name), 7, 5) / INITS["xavier"].deviation(None, 7, 5)
    np.testing.assert_allclose(W[1], share * W[0], rtol=1e-12)
