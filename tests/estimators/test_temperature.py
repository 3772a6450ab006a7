"""Temperatures: found again where they are known, held back by few rows, and taken into the last layer."""

from __future__ import annotations

import numpy as np

from chainrule.estimators.temperature import cooled, temperature
from chainrule.nets.net import log_mean_softmax


def drawn(rows, sharper):
    """Scores of two members, ``sharper`` times those that labels were drawn by."""
    rng = np.random.default_rng(0)
    true = rng.normal(size=(rows, 3)) * 2
    p = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(3, p=row) for row in p])
    return np.stack([true, true]) * sharper, labels


def test_a_temperature_that_is_known_is_found():
    for sharper in (0.5, 1.0, 3.0):
        scores, labels = drawn(2000, sharper)
        assert abs(temperature(scores, labels) / sharper - 1) < 0.15


def test_rows_of_no_weight_have_no_say():
    scores, labels = drawn(200, 3.0)
    wrong = np.concatenate([labels, (labels + 1) % 3])
    weighed = temperature(np.concatenate([scores, scores], axis=1), wrong, np.repeat([1.0, 0.0], 200))
    assert weighed < temperature(np.concatenate([scores, scores], axis=1), wrong)


def test_few_rows_that_are_all_right_say_little():
    scores = np.eye(3)[np.newaxis] * 2
    assert 0.5 < temperature(scores, np.arange(3)) < 1


def test_the_last_layer_takes_it_in():
    parameters = {"W1": np.ones((2, 3, 4), np.float32), "b1": np.arange(6.0).reshape(2, 3)}
    h = np.arange(8.0).reshape(2, 4)
    plain, cool = (
        (h @ p["W1"].transpose(0, 2, 1) + p["b1"][:, None]) for p in (parameters, cooled(parameters, 1, 2.0))
    )
    np.testing.assert_allclose(log_mean_softmax(plain / 2.0), log_mean_softmax(cool))
