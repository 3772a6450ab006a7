"""Likelihoods of published numbers beside brute force, and odds on reports whose truth is known."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from chainrule.experiments.likelihood import (
    Measurement,
    jackknife,
    marginal,
    report_likelihood,
    shares,
    spread,
)

VALUES = np.array([0.512, 0.498, 0.505, 0.521, 0.489])


def density(t: float, degrees: int) -> float:
    """Student's t."""
    top = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - 0.5 * math.log(degrees * math.pi)
    return math.exp(top - (degrees + 1) / 2 * math.log1p(t * t / degrees))


def by_force(measurement: Measurement, within: float) -> float:
    """The probability of one more run near the number, summed up from densities."""
    values = measurement.values
    scale = np.std(values, ddof=1) * math.sqrt(1 + 1 / len(values))
    steps = 20_000
    runs = float(measurement.published) - within + (np.arange(steps) + 0.5) * 2 * within / steps
    densities = [density((run - values.mean()) / scale, len(values) - 1) / scale for run in runs]
    return float(np.sum(densities)) * 2 * within / steps


@pytest.mark.parametrize("published", ["0.505", "0.55", "0.44", "0.30"])
@pytest.mark.parametrize("widened", [0.0, 0.006])
def test_a_number_is_as_likely_as_one_more_run_near_it(published, widened):
    measurement = Measurement(published, VALUES, 10**9, widened)
    half = 0.5 * 10.0 ** -(len(published) - 2)
    expected = by_force(measurement, half + widened)
    assert math.exp(measurement.log_likelihood()) == pytest.approx(expected, rel=1e-6)


def test_numbers_out_of_all_reach_differ_still():
    far, farther = (
        Measurement(published, np.array([0.5, 0.5, 0.5, 0.5]), 10**9, 0.0).log_likelihood()
        for published in ("0.6", "0.9")
    )
    assert -math.inf < farther < far < -10


def test_runs_that_happen_to_agree_are_no_surer_than_so_many_images_allow():
    equal = np.full(5, 0.36)
    assert spread(equal, 10_000) == pytest.approx(math.sqrt(0.36 * 0.64 / 10_000))
    assert spread(np.array([0.2, 0.5, 0.3]), 10_000) == pytest.approx(np.std([0.2, 0.5, 0.3], ddof=1))
    assert spread(np.zeros(5), 100) > 0
    near = Measurement("0.3601", equal, 10_000, 0.0).log_likelihood()
    near_too = Measurement("0.3641", equal, 10_000, 0.0).log_likelihood()
    assert near - near_too == pytest.approx(0, abs=0.5)


def test_rows_multiply_and_a_row_of_several_accuracies_counts_once():
    numbers = [Measurement(text, VALUES, 1000, 0.0) for text in ("0.51", "0.50", "0.47")]
    own = [number.log_likelihood() for number in numbers]
    assert report_likelihood([[number] for number in numbers]) == pytest.approx(sum(own))
    assert report_likelihood([numbers]) == pytest.approx(sum(own) / 3)
    assert report_likelihood([numbers[:1] * 3]) == pytest.approx(own[0])


def test_leaving_out_seeds_takes_the_others_alone():
    whole = Measurement("0.51", VALUES, 1000, 0.0)
    fewer = Measurement("0.51", VALUES[[0, 2, 3]], 1000, 0.0)
    assert report_likelihood([[whole]], np.array([0, 2, 3])) == pytest.approx(fewer.log_likelihood())


def test_marginals_are_sums_over_what_the_others_may_have_been():
    table = np.array([[-1.0, -3.0, -700.0], [-2.0, -2.5, -1.5]])
    joint = shares(table.ravel()).reshape(table.shape)
    own = shares(np.array([marginal(row) for row in table]))
    np.testing.assert_allclose(own, joint.sum(axis=1))
    assert joint.sum() == pytest.approx(1)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    mean = float(VALUES.mean())
    left = [float(np.delete(VALUES, seed).mean()) for seed in range(len(VALUES))]
    odds = jackknife(mean, left)
    error = np.std(VALUES, ddof=1) / math.sqrt(len(VALUES))
    assert (odds.high - odds.low) / 2 == pytest.approx(2.7764451 * error, rel=1e-6)
    assert odds.value == mean


def test_on_reports_of_known_truth_shares_are_as_often_right_as_they_say():
    rng = np.random.default_rng(1)
    means, deviation, seeds = np.array([[0.50, 0.40], [0.508, 0.40], [0.50, 0.41]]), 0.006, 8
    held, told = [], []
    for _ in range(400):
        truth = int(rng.integers(len(means)))
        runs = means[:, :, np.newaxis] + deviation * rng.standard_normal((*means.shape, seeds))
        report = means[truth] + deviation * rng.standard_normal(2)
        likelihoods = [
            report_likelihood(
                [[Measurement(f"{y:.4f}", own, 10**6, 0.0)] for y, own in zip(report, rows, strict=True)]
            )
            for rows in runs
        ]
        for candidate, share in enumerate(shares(np.array(likelihoods))):
            held.append(candidate == truth)
            told.append(share)
    right, said = np.array(held), np.array(told)
    for low, high in itertools.pairwise((0.0, 0.1, 0.3, 0.6, 1.0)):
        those = (said >= low) & (said < high)
        assert those.sum() > 50
        assert right[those].mean() == pytest.approx(said[those].mean(), abs=0.08)
