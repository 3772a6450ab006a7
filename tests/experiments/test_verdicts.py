"""Intervals and verdicts by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.experiments.verdicts import Interval, decimals, half_unit, interval, verdict

T_2 = 4.302652729911275  # 97.5% point of Student's t with 2 degrees of freedom, from a table


def test_interval_by_hand():
    values = [0.36, 0.37, 0.38]
    half = T_2 * 0.01 * math.sqrt(1 + 1 / 3)
    measured = interval(values, None, 0.0)
    assert measured.mean == pytest.approx(0.37)
    assert measured.low == pytest.approx(0.37 - half)
    assert measured.high == pytest.approx(0.37 + half)


def test_interval_widens_by_half_a_unit_and_by_unofficial_data():
    plain = interval([0.36, 0.37, 0.38], None, 0.0)
    wide = interval([0.36, 0.37, 0.38], "0.370", 0.006)
    assert plain.low is not None
    assert plain.low - wide.low == pytest.approx(0.0065)
    assert wide.high - plain.high == pytest.approx(0.0065)


@pytest.mark.parametrize(
    ("printed", "places"), [("0.370", 3), ("0.3684", 4), ("0.5", 1), ("52", 0), ("1e-3", 3)]
)
def test_decimals_as_printed(printed, places):
    assert decimals(printed) == places
    assert half_unit(printed) == pytest.approx(0.5 * 10**-places)


@pytest.mark.parametrize("count", [1, 2])
def test_no_interval_and_no_verdict_under_three_seeds(count):
    measured = interval([0.3] * count, "0.3", 0.0)
    assert (measured.mean, measured.low, measured.high) == (0.3, None, None)
    assert verdict(measured, "0.3") is None


def test_no_number_for_a_run_without_one():
    assert interval([0.3, None, 0.3], "0.3", 0.0) == Interval(None, None, None)


@pytest.mark.parametrize(
    ("low", "high", "published", "expected"),
    [
        (0.30, 0.34, "0.30", "agrees"),
        (0.30, 0.34, "0.34", "agrees"),
        (0.30, 0.34, "0.2999", "differs"),
        (0.30, 0.34, "0.3401", "differs"),
        (0.25, 0.32, "0.30", "uninformative"),
        (0.25, 0.32, "0.90", "differs"),
        (0.30, 0.34, None, None),
    ],
)
def test_verdict(low, high, published, expected):
    assert verdict(Interval((low + high) / 2, low, high), published) == expected


@given(st.lists(st.floats(0, 1), min_size=3, max_size=9), st.floats(0, 0.1))
def test_an_interval_holds_its_mean_and_grows_with_widening(values, widened):
    narrow, wide = interval(values, None, 0.0), interval(values, None, widened)
    assert narrow.low <= narrow.mean <= narrow.high or np.ptp(values) < 1e-12
    assert wide.low <= narrow.low
    assert wide.high >= narrow.high
