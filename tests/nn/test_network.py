"""Every net's gradient against autograd. What holds for every loss and activation is in ``tests/contract``."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import ACTIVATIONS, LOSSES
from chainrule.nn.network import Network
from support.nets import NORMED, PLAIN, assert_close, case, trained
from support.numeric import oracle

losses = pytest.mark.parametrize("loss", LOSSES)
members = pytest.mark.parametrize("members", [1, 3])


@pytest.mark.parametrize(
    ("net", "samples"), [*((net, 9) for net in [*PLAIN, *NORMED]), *((net, 1) for net in PLAIN)], ids=str
)
@losses
@members
def test_gradient_equals_autograd(net, loss, members, samples):
    network, parameters, x, y, l2 = case(net, loss, members, samples)
    cost, gradient = network.gradient(parameters, x, y, l2)
    expected_cost, expected = oracle(loss, trained(parameters), x, y, l2)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-12)
    assert_close(gradient, expected, 1e-10)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("net", [PLAIN[2], NORMED[0]], ids=str)
def test_gradient_of_every_activation_equals_autograd(net, activation):
    network, parameters, x, y, l2 = case(net, "cross_entropy", 2, 9, activation=activation)
    cost, gradient = network.gradient(parameters, x, y, l2)
    expected_cost, expected = oracle("cross_entropy", trained(parameters), x, y, l2, activation)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-12)
    assert_close(gradient, expected, 1e-10)


def test_nine_layers_with_batch_norm_equal_autograd():
    net = Network((40, 50, 30, 20, 20, 10, 10, 10, 10, 10), "", batch_norm=True)
    network, parameters, x, y, l2 = case(net, "cross_entropy", 3, 30)
    cost, gradient = network.gradient(parameters, x, y, l2)
    expected_cost, expected = oracle("cross_entropy", trained(parameters), x, y, l2)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-9)
    assert_close(gradient, expected, 1e-9)


@losses
def test_inputs_of_their_own_for_every_member(loss):
    network, parameters, x, y, l2 = case(NORMED[0], loss, 3, 9)
    own = np.stack([x, 2 * x, -x])
    cost, gradient = network.gradient(parameters, own, y, l2)
    expected_cost, expected = oracle(loss, trained(parameters), own, y, l2)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-12)
    assert_close(gradient, expected, 1e-10)
