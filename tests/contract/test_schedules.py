"""What holds for every schedule."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import SCHEDULES
from chainrule.train.schedules.rates import rates
from support.prototypes import prototype_settings

WRITTEN = {
    "constant": 0.1,
    "decay": {"start": 0.1, "decay_per_epoch": 0.5},
    "cycle": {"min": 0.01, "max": 0.2, "half_cycle": 7},
    "cosine": {"peak": 0.2, "warm_up": 0.25, "end": 0.01},
    "warmed": {"rate": 0.1, "warm_up": 0.25},
    "half_wave": {"highest": 0.2, "lowest": 0.01},
}
"""A setting that chooses each."""


def test_every_schedule_is_tried():
    assert list(WRITTEN) == list(SCHEDULES)


@pytest.mark.parametrize("name", WRITTEN)
def test_settings_choose_it_and_come_back_as_they_are_written(name):
    settings = prototype_settings(learning_rate=WRITTEN[name])
    assert SCHEDULES.of(settings.learning_rate).name == name
    assert settings.model_dump(mode="json")["learning_rate"] == WRITTEN[name]
    again = type(settings).model_validate_json(settings.model_dump_json())
    assert again == settings
    assert again.learning_rate == settings.learning_rate


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize(("steps", "epochs"), [(1, 1), (1, 20), (20, 1), (7, 5)])
def test_every_step_has_a_rate_above_0(name, steps, epochs):
    found = rates(prototype_settings(learning_rate=WRITTEN[name]).learning_rate, steps, epochs)
    assert (found.shape, found.dtype) == ((steps * epochs,), np.float64)
    assert (found > 0).all()
    assert np.isfinite(found).all()


@pytest.mark.parametrize("name", ["decay", "cycle", "cosine", "warmed"])
def test_a_warm_up_goes_up_to_where_the_schedule_begins_and_takes_its_time_off(name):
    cold = {key: value for key, value in WRITTEN[name].items() if key != "warm_up"}
    cold, warm = (prototype_settings(learning_rate=cold | {"warm_up": share}) for share in (0.0, 0.25))
    risen, plain = rates(warm.learning_rate, 5, 8), rates(cold.learning_rate, 5, 6)
    np.testing.assert_allclose(risen[:10], plain[0] * np.arange(1, 11) / 11)
    np.testing.assert_array_equal(risen[10:], plain)
    again = type(warm).model_validate_json(warm.model_dump_json())
    assert again.learning_rate == warm.learning_rate != cold.learning_rate
