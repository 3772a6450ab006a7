"""Batch norm by its definition: training, running values, evaluation, and what has no gradient."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.nn import batchnorm
from chainrule.nn.inits.normal import Normal
from chainrule.nn.network import Network


def values(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).normal(size=shape)


def test_training_output_has_the_mean_beta_and_the_deviation_gamma():
    s, gamma, beta = 5 + 3 * values(2, 50, 4), values(2, 4), values(2, 4)
    out, _ = batchnorm.forward(s, gamma, beta)
    np.testing.assert_allclose(out.mean(axis=1), beta, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=1), np.abs(gamma), rtol=1e-5)


def test_a_shift_of_the_input_changes_nothing_and_has_no_gradient():
    s, gamma, beta = values(2, 9, 4), values(2, 4), values(2, 4)
    first, cache = batchnorm.forward(s, gamma, beta)
    second, _ = batchnorm.forward(s + 3.0, gamma, beta)
    np.testing.assert_allclose(first, second, atol=1e-12)
    ds, _, _ = batchnorm.backward(values(2, 9, 4), cache)
    np.testing.assert_allclose(ds.sum(axis=1), 0, atol=1e-12)


@pytest.mark.parametrize("share", [0.9, 0.5, 0.0])
def test_running_values_start_at_the_first_minibatch_and_keep_a_share_of_the_old(share):
    network = Network((3, 4, 2), "cross_entropy", batch_norm=True, running_share=share)
    parameters = network.initial(0, [Normal(normal=1.0)], np.float64)
    np.testing.assert_array_equal(parameters["mean1"], np.zeros((1, 4)))
    np.testing.assert_array_equal(parameters["variance1"], np.ones((1, 4)))
    batches = [values(7, 3), 2 + values(8, 3)]
    scores = [x @ parameters["W1"][0].T for x in batches]
    for index, x in enumerate(batches):
        _, caches = network.forward(parameters, x)
        network.update_running(parameters, caches, first=index == 0)
    for name, statistic in (("mean1", np.mean), ("variance1", np.var)):
        first, second = (statistic(s, axis=0) for s in scores)
        np.testing.assert_allclose(parameters[name][0], share * first + (1 - share) * second)


def test_evaluation_uses_running_values_and_each_sample_alone():
    s, gamma, beta, mean, variance = values(2, 5, 4), *(values(2, 4) for _ in range(3)), values(2, 4) ** 2
    out = batchnorm.evaluate(s, gamma, beta, mean, variance)
    expected = gamma[:, None] * (s - mean[:, None]) / np.sqrt(variance[:, None] + 1e-5) + beta[:, None]
    np.testing.assert_allclose(out, expected)
    np.testing.assert_allclose(batchnorm.evaluate(s[:, :1], gamma, beta, mean, variance), out[:, :1])


def test_predict_after_training_on_one_batch_for_ever_is_forward():
    network = Network((3, 4, 5, 2), "cross_entropy", batch_norm=True)
    parameters = network.initial(0, [Normal(normal=1.0)] * 2, np.float64)
    x = values(20, 3)
    scores, caches = network.forward(parameters, x)
    network.update_running(parameters, caches, first=True)
    np.testing.assert_allclose(network.predict(parameters, x), scores, rtol=1e-10)


def test_one_sample_is_refused():
    with pytest.raises(ValueError, match="needs 2 samples or more"):
        batchnorm.forward(values(2, 1, 4), values(2, 4), values(2, 4))
