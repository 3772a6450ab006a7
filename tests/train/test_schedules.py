"""Learning rates over steps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chainrule.config import Decay
from chainrule.train.schedules import rates

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
