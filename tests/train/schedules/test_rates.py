"""Learning rates over steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.train.schedules.cosine import Cosine
from chainrule.train.schedules.cycle import Cycle
from chainrule.train.schedules.decay import Decay
from chainrule.train.schedules.rates import rates

counts = st.integers(1, 30)
positive = st.floats(1e-6, 10)


@given(positive, counts, counts)
def test_a_number_is_constant(rate, steps, epochs):
    values = rates(rate, steps, epochs)
    assert values.shape == (steps * epochs,)
    assert (values == rate).all()


@given(positive, st.floats(0.01, 0.99), counts, counts)
def test_decay_multiplies_from_the_second_epoch_on(start, decay, steps, epochs):
    values = rates(Decay(start=start, decay_per_epoch=decay), steps, epochs).reshape(epochs, steps)
    assert (values[0] == start).all()
    for epoch in range(1, epochs):
        np.testing.assert_allclose(values[epoch], values[epoch - 1] * decay, rtol=1e-12)


@given(st.floats(1e-6, 0.1), st.floats(0.2, 1), st.integers(1, 40), counts, counts)
def test_a_cycle_goes_up_and_down_in_straight_lines(low, high, half, steps, epochs):
    cycle = Cycle(min=low, max=high, half_cycle=half)
    values = rates(cycle, steps, epochs)
    assert values[0] == low
    for t, value in enumerate(values):
        phase = t % (2 * half)
        straight = low + (high - low) * (phase / half if phase <= half else 2 - phase / half)
        np.testing.assert_allclose(value, straight, rtol=1e-9)


def test_a_cycle_at_its_corners():
    values = rates(Cycle(min=1e-5, max=0.1, half_cycle=500), 100, 20)
    np.testing.assert_allclose(
        values[[0, 250, 500, 1000, 1500, 1999]], [1e-5, 0.050005, 0.1, 1e-5, 0.1, 0.00020998]
    )


@given(positive, st.floats(0, 0.9), st.floats(0, 0.9), counts, counts)
def test_a_cosine_goes_up_to_its_peak_and_down_towards_its_end(peak, share, warm_up, steps, epochs):
    cosine = Cosine(peak=peak, warm_up=warm_up, end=share * peak)
    values, top = rates(cosine, steps, epochs), int(warm_up * (steps * epochs))
    assert values[top] == peak == values.max()
    assert (np.diff(values[: top + 1]) > 0).all()
    assert (np.diff(values[top:]) < 0).all()
    middle = (len(values) - top) / 2
    if middle.is_integer():
        np.testing.assert_allclose(values[top + int(middle)], (peak + cosine.end) / 2, rtol=1e-9)


def test_a_cosine_that_does_not_fall_is_refused():
    with pytest.raises(ValueError, match="is not below peak"):
        Cosine(peak=0.1, end=0.2)
