"""Losses in compiled code, beside the layers: those of which nothing else is compared with them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import fit
from chainrule.nn.network import Network
from chainrule.train.engines.engine import Problem
from chainrule.train.engines.layers import Layers
from support.nets import assert_close

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines.compiled import Compiled  # needs it

pytestmark = pytest.mark.usefixtures("compiled_code")

RNG = np.random.default_rng(2)
IMAGES = RNG.integers(0, 256, (257, 13), np.uint8)


def labels(outputs, several):
    if several:
        return RNG.integers(0, 2, (257, outputs)).astype(np.uint8)
    return RNG.integers(0, outputs, 257).astype(np.uint8)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("outputs", "several"), [(4, False), (1, True), (3, True), (64, True), (130, True)])
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-11), (np.float32, 1e-4)])
def test_binary_cross_entropy_is_that_of_the_layers(outputs, several, dtype, relative, weighted):
    weights = RNG.uniform(0, 2, (1, 257)) if weighted else None
    data = Split(IMAGES, labels(outputs, several), weights)
    network = Network((13, 6, outputs), "binary_cross_entropy")
    engines = [
        engine(
            Problem(
                network,
                network.initial(0, ["he", "xavier"], dtype),
                data,
                fit("standardize", IMAGES, 255),
                100,
                np.full((3, 2), 0.3),
                np.array([0.0, 0.1]),
            )
        )
        for engine in (Compiled, Layers)
    ]
    for engine in engines:
        engine.descend(np.random.default_rng(0).permutation(257), 0, single=False)
    ours, theirs = engines
    assert_close(ours.parameters, theirs.parameters, relative)
    measured = [engine.evaluate(data) for engine in engines]
    np.testing.assert_allclose(*(one.loss for one in measured), rtol=relative)
    np.testing.assert_allclose(*(one.accuracy for one in measured), rtol=relative)


def test_scores_far_from_0_keep_their_loss_finite():
    data = Split(IMAGES, labels(3, several=True))
    network = Network((13, 3), "binary_cross_entropy")
    initial = {name: 1e4 * array for name, array in network.initial(0, ["he"], np.float32).items()}
    given = Problem(network, initial, data, fit("center", IMAGES, 255), 50, np.ones((1, 1)), np.zeros(1))
    ours, theirs = Compiled(dataclasses.replace(given)).evaluate(data), Layers(given).evaluate(data)
    np.testing.assert_allclose(ours.loss, theirs.loss, rtol=1e-5)
