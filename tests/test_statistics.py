"""Statistics of differences, held against SciPy's own tests and against simulated runs."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chainrule.errors import MissingExtraError
from chainrule.statistics import MeanDifference, all_hold, of_differences, paired, welch

GENERATOR = np.random.default_rng(7)
FIRST = GENERATOR.normal(0.38, 0.01, 6).tolist()
SECOND = GENERATOR.normal(0.37, 0.02, 6).tolist()
SHORT = GENERATOR.normal(0.37, 0.03, 4).tolist()

samples = st.lists(st.floats(-1, 1).map(lambda value: round(value, 3)), min_size=3, max_size=6)


def test_paired_is_scipys_t_test():
    difference, known = paired(FIRST, SECOND), stats.ttest_rel(FIRST, SECOND)
    assert difference.p_value == pytest.approx(known.pvalue)
    interval = known.confidence_interval()
    assert difference.mean - difference.half_width() == pytest.approx(interval.low)
    assert difference.mean + difference.half_width() == pytest.approx(interval.high)


def test_welch_is_scipys():
    difference, known = welch(FIRST, SHORT), stats.ttest_ind(FIRST, SHORT, equal_var=False)
    assert difference.p_value == pytest.approx(known.pvalue)
    assert difference.freedom == pytest.approx(known.df)
    assert difference.mean + difference.half_width() == pytest.approx(known.confidence_interval().high)


@given(first=samples, margin=st.sampled_from([0.01, 0.1, 0.5]))
def test_equivalence_is_two_one_sided_tests(first, margin):
    if len(set(first)) == 1:
        return
    below = stats.ttest_1samp(first, margin, alternative="less").pvalue
    above = stats.ttest_1samp(first, -margin, alternative="greater").pvalue
    worst = max(below, above)
    if abs(worst - 0.05) > 1e-9:
        assert (of_differences(first).within(margin) is True) == (worst < 0.05)


@pytest.mark.parametrize(
    ("differences", "margin", "outcome"),
    [
        ([0.001, -0.001, 0.0], 0.01, True),
        ([0.101, 0.099, 0.1], 0.01, False),
        ([-0.101, -0.099, -0.1], 0.01, False),
        ([0.05, -0.04, 0.01], 0.01, None),
        ([0.009, 0.011, 0.010], 0.01, None),
        ([0.005, 0.005, 0.005], 0.01, True),
        ([0.02, 0.02, 0.02], 0.01, False),
        ([0.02, 0.0], 0.011, True),
        ([0.02], 0.01, False),
    ],
)
def test_the_three_outcomes_of_equivalence(differences, margin, outcome):
    assert of_differences(differences).within(margin) is outcome


@pytest.mark.parametrize(
    ("differences", "sign"),
    [
        ([0.1, 0.11, 0.12], 1),
        ([-0.1, -0.11, -0.12], -1),
        ([0.1, -0.11, 0.12], None),
        ([0.1, 0.1, 0.1], 1),
        ([0.0, 0.0, 0.0], 0),
        ([0.1, -0.01], 1),
        ([0.0], 0),
    ],
)
def test_the_sign_of_a_difference(differences, sign):
    assert of_differences(differences).sign == sign


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 1.0), (0.7, 1.0), (-2.0, 1.5)])
def test_the_interval_of_a_probability_holds_it_in_95_of_100_paired_samples(mean, deviation):
    """As the noncentral t is exact; over 1500 samples the share's own deviation is 0.0056."""
    truth = stats.norm.cdf(mean / deviation)
    drawn = np.random.default_rng(1).normal(mean, deviation, (1500, 5)).tolist()
    held = [above.low <= truth <= above.high for above in (of_differences(row).above for row in drawn)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.017)


def test_the_interval_of_a_probability_is_right_for_samples_that_do_not_go_together():
    truth = stats.norm.cdf(1 / math.hypot(1, 2))
    generator = np.random.default_rng(2)
    firsts, seconds = generator.normal(1, 1, (1500, 5)).tolist(), generator.normal(0, 2, (1500, 4)).tolist()
    above = [welch(first, second).above for first, second in zip(firsts, seconds, strict=True)]
    assert np.mean([each.low <= truth <= each.high for each in above]) == pytest.approx(0.95, abs=0.025)


def test_a_probability_is_that_of_the_standardised_mean():
    difference = paired(FIRST, SECOND)
    gaps = np.subtract(FIRST, SECOND)
    assert difference.above.value == pytest.approx(stats.norm.cdf(gaps.mean() / gaps.std(ddof=1)))
    swapped = paired(SECOND, FIRST).above
    assert tuple(swapped) == pytest.approx(
        (1 - difference.above.value, 1 - difference.above.high, 1 - difference.above.low)
    )


def test_runs_that_do_not_vary_are_above_or_not():
    assert paired([0.2] * 3, [0.1] * 3).above == (1, 1, 1)
    assert paired([0.1] * 3, [0.2] * 3).above == (0, 0, 0)
    assert welch([0.1] * 3, [0.1] * 4).above == (0, 0, 0)
    assert welch([0.1] * 3, [0.1] * 4).p_value == 1


@given(mean=st.floats(-1, 1), error=st.floats(1e-12, 1), count=st.integers(3, 200))
def test_a_probability_lies_in_its_interval(mean, error, count):
    low, value, high = (
        getattr(MeanDifference(mean, error, count - 1, error * math.sqrt(count)).above, name)
        for name in ("low", "value", "high")
    )
    assert 0 <= low <= value <= high <= 1


def test_under_three_runs_nothing_is_known_but_the_mean():
    difference = paired([0.3, 0.4], [0.1, 0.1])
    assert difference.mean == pytest.approx(0.25)
    assert difference.half_width() == math.inf
    assert math.isnan(difference.p_value)
    assert (difference.above.low, difference.above.high) == (0, 1)


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [([True, True], True), ([True, None], None), ([None, False], False), ([True, False], False), ([], True)],
)
def test_several_outcomes_hold_together(outcomes, whole):
    assert all_hold(outcomes) is whole


def test_without_scipy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chainrule\[train\]'"):
        paired(FIRST, SECOND).half_width()
