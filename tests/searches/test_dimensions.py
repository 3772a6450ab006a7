"""What one setting may be: what is spaced, drawn and held."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.searches.dimensions import Choices, Range, key


@given(
    low=st.floats(1e-6, 10), factor=st.floats(1.01, 1e4), log=st.booleans(), count=st.integers(2, 20),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_a_range_draws_and_spaces_inside_its_ends(low, factor, log, count, seed):
    within = Range(low=low, high=low * factor, log=log)
    spaced = within.spaced(count)
    assert spaced == sorted(spaced)
    assert (spaced[0], spaced[-1]) == pytest.approx((within.low, within.high))
    gaps = np.diff(np.log(spaced) if log else spaced)
    assert gaps == pytest.approx(gaps[0], rel=1e-6)
    generator = np.random.Generator(np.random.PCG64(seed))
    assert all(within.low <= within.draw(generator) <= within.high for _ in range(20))
    assert all(within.holds(value) for value in spaced)


def test_whole_numbers_in_the_logarithm_reach_both_ends():
    powers = Range(low=1, high=64, log=True, integer=True)
    generator = np.random.Generator(np.random.PCG64(0))
    drawn = [powers.draw(generator) for _ in range(3000)]
    assert (min(drawn), max(drawn)) == (1, 64)
    assert np.mean(np.array(drawn) <= 8) == pytest.approx(
        math.log(8.5 / 0.5) / math.log(64.5 / 0.5), abs=0.04
    )


def test_values_are_the_same_by_what_they_hold():
    assert Choices(values=({"normal": 0.01, "bias": 0.0}, "he")).holds({"bias": 0.0, "normal": 0.01})
    assert key(0.1) != key("0.1")
