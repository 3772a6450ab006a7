"""Dropout: what is drawn, and gradients with a mask that stays."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from chainrule.nn import dropout
from support.nets import NORMED, PLAIN, case, trained
from support.numeric import central_difference

SHARES = np.array([0.0, 0.3, 0.8])


def masks(network, samples, seeds=(0, 0, 1), dtype=np.float64):
    return [
        dropout.mask(seeds, layer, 4, (samples, width), SHARES[: len(seeds)], dtype)
        for layer, width in enumerate(network.widths[1:-1], start=1)
    ]


def test_so_many_are_left_out_and_the_mean_stays():
    drawn = dropout.mask([3] * 3, 1, 0, (200, 50), SHARES, np.float32)
    assert drawn.dtype == np.float32
    np.testing.assert_allclose((drawn == 0).mean(axis=(1, 2)), SHARES, atol=0.01)
    np.testing.assert_allclose(drawn.mean(axis=(1, 2)), 1, atol=0.05)
    assert (drawn[0] == 1).all()
    # Of one seed, who leaves out more leaves out the same and others.
    assert (drawn[2][drawn[1] == 0] == 0).all()


def test_what_is_drawn_is_a_members_own_whoever_is_beside_it():
    together = dropout.mask([5, 9, 5], 2, 7, (6, 4), np.full(3, 0.5), np.float64)
    for member, seed in enumerate([5, 9, 5]):
        alone = dropout.mask([seed], 2, 7, (6, 4), np.array([0.5]), np.float64)
        np.testing.assert_array_equal(together[member], alone[0])
    assert (together[0] != together[1]).any()
    for layer, update in ((1, 7), (2, 8)):
        assert (dropout.mask([5], layer, update, (6, 4), np.array([0.5]), np.float64) != together[:1]).any()


@pytest.mark.parametrize(
    ("net", "activation"), [(PLAIN[1], "relu"), (PLAIN[2], "tanh"), (NORMED[0], "tanh")], ids=str
)
def test_the_gradient_of_a_net_is_that_of_central_differences(net, activation):
    network, parameters, x, y, l2 = case(net, "cross_entropy", 3, 9, activation=activation)
    weights = np.random.default_rng(1).uniform(0, 2, (3, 9))

    def taken():
        return network.gradient(parameters, x, y, l2, weights, masks=masks(network, 9))

    _, gradient = taken()
    for name, array in trained(parameters).items():
        numeric = central_difference(lambda: float(taken()[0].sum()), array)
        np.testing.assert_allclose(gradient[name], numeric, rtol=0, atol=1e-7, err_msg=name)


def test_the_gradient_is_that_of_autograd():
    network, parameters, x, y, _ = case(PLAIN[1], "cross_entropy", 1, 9, activation="tanh")
    (drawn,) = (dropout.mask([2], 1, 0, (9, 5), np.array([0.4]), np.float64),)
    _, gradient = network.gradient(parameters, x, y, np.zeros(1), masks=[drawn])

    def cost(W1):
        h = anp.tanh(x @ W1.T + parameters["b1"][0]) * drawn[0]
        s = h @ parameters["W2"][0].T + parameters["b2"][0]
        return anp.mean(anp.log(anp.sum(anp.exp(s), axis=1)) - s[anp.arange(9), y])

    np.testing.assert_allclose(gradient["W1"][0], grad(cost)(parameters["W1"][0]), rtol=0, atol=1e-14)
