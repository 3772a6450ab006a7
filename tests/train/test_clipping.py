"""Gradients cut to a length: whose, how, and what becomes of the step."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.nn.network import Network
from chainrule.train.clipping import clip
from chainrule.train.engines.engine import Problem
from chainrule.train.engines.layers import Layers

RNG = np.random.default_rng(0)
DATA = Split(RNG.integers(0, 5, (40, 6), np.uint8), RNG.integers(0, 3, 40).astype(np.uint8))
NETWORK = Network((6, 5, 3), "cross_entropy")


def stepped(longest, optimizer="sgd", members=3):
    """Every parameter's change in the first step, at rate 0.1."""
    initial = NETWORK.initial(0, ["he"] * members, np.float64)
    rates, l2 = np.full((4, members), 0.1), np.full(members, 0.01)
    start = {name: array.copy() for name, array in initial.items()}
    transform = Transform(np.ones(6), np.zeros(6))
    problem = Problem(NETWORK, initial, DATA, transform, 10, rates, l2, optimizer)
    engine = Layers(dataclasses.replace(problem, clip=longest))
    engine.descend(np.arange(10), 0, single=True)
    return {name: array - start[name] for name, array in engine.parameters.items()}


def lengths(changes):
    return np.sqrt(sum((array.reshape(len(array), -1) ** 2).sum(axis=1) for array in changes.values()))


def test_a_step_is_as_long_as_its_member_allows_and_of_the_same_direction():
    plain, cut = stepped(None), stepped(np.array([0.5, 0.0, 1e9]))
    assert lengths(plain)[0] / 0.1 > 0.5
    np.testing.assert_allclose(lengths(cut), [0.05, *lengths(plain)[1:]])
    for name, array in plain.items():
        share = 0.05 / lengths(plain)[0]
        np.testing.assert_allclose(cut[name][0], share * array[0], rtol=0, atol=1e-15)
        np.testing.assert_allclose(cut[name][1:], array[1:], rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_gradient_and_one_that_is_no_number_stay_by_themselves(dtype):
    gradients = {"W1": np.array([[3.0, 4.0], [np.nan, 1.0], [0.0, 0.0], [np.inf, 0.0], [3e30, 4e30]], dtype)}
    with np.errstate(invalid="ignore"):
        clip(gradients, np.ones(5))
    assert gradients["W1"].dtype == dtype
    np.testing.assert_allclose(gradients["W1"][[0, 2, 4]], [[0.6, 0.8], [0, 0], [0.6, 0.8]], rtol=1e-6)
    assert np.isnan(gradients["W1"][[1, 3], 0]).all()
