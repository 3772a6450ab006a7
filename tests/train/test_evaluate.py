"""Evaluation in blocks, with the transform folded into the first layer, against plain scores of transformed inputs."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform, fit
from chainrule.nn.network import Network
from chainrule.train.evaluate import evaluate, scored

RNG = np.random.default_rng(1)
SPLIT = Split(RNG.integers(0, 256, (1203, 12), np.uint8), RNG.integers(0, 4, 1203).astype(np.uint8))
"""More than two blocks."""


def trained_a_little(network, dtype):
    """Two members; running values and biases that are neither zeros nor ones."""
    start = network.initial(0, ["he", "xavier"], dtype)
    return {name: (array + RNG.uniform(0.1, 0.5, array.shape)).astype(dtype) for name, array in start.items()}


@pytest.mark.parametrize("preprocess", ["scale_to_unit", "center", "standardize"])
@pytest.mark.parametrize(("hidden", "batch_norm"), [((), False), ((5,), False), ((5, 4), True)])
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_equals_scores_of_transformed_inputs(preprocess, hidden, batch_norm, dtype, relative):
    transform = fit(preprocess, SPLIT.images[:700], 255)
    network = Network((12, *hidden, 4), "cross_entropy", batch_norm)
    parameters = trained_a_little(network, dtype)
    before = {name: array.copy() for name, array in parameters.items()}
    x = SPLIT.images * transform.scale + transform.shift
    expected = network.predict({name: array.astype(np.float64) for name, array in parameters.items()}, x)

    blocks = [(scores.copy(), y) for scores, y, _ in scored(network, parameters, SPLIT, transform)]
    assert {scores.dtype for scores, _ in blocks} == {np.dtype(dtype)}
    scores = np.concatenate([scores for scores, _ in blocks], axis=1)
    np.testing.assert_allclose(scores, expected, rtol=0, atol=relative * np.abs(expected).max())
    np.testing.assert_array_equal(np.concatenate([y for _, y in blocks]), SPLIT.labels)

    found = evaluate(network, parameters, SPLIT, transform)
    losses, _ = network.loss_function.forward(expected, SPLIT.labels)
    np.testing.assert_allclose(found.loss, losses.mean(axis=1), rtol=10 * relative)
    np.testing.assert_array_equal(found.accuracy, (expected.argmax(axis=2) == SPLIT.labels).mean(axis=1))
    for name, array in parameters.items():
        np.testing.assert_array_equal(array, before[name])


def test_the_first_of_equal_scores_counts():
    network = Network((12, 4), "cross_entropy")
    parameters = {"W1": np.zeros((1, 4, 12)), "b1": np.array([[0.0, 1, 1, 0]])}
    found = evaluate(network, parameters, SPLIT, fit("center", SPLIT.images, 255))
    assert found.accuracy == pytest.approx((SPLIT.labels == 1).mean())


def test_of_several_labels_each_is_right_or_wrong_by_itself():
    network = Network((2, 2), "binary_cross_entropy")
    parameters = {"W1": np.array([[[1.0, 0.0], [0.0, 1.0]]]), "b1": np.zeros((1, 2))}
    split = Split(np.array([[1, -1], [1, 1]], np.float32), np.array([[1, 0], [0, 1]], np.uint8))
    found = evaluate(network, parameters, split, Transform(np.ones(2), np.zeros(2)))
    assert found.accuracy.tolist() == [0.75]
    np.testing.assert_allclose(found.loss, [(3 * np.log1p(np.exp(-1.0)) + np.log1p(np.e)) / 2])
