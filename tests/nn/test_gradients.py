"""Every net's gradient against autograd and central differences; every member against the same net alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule.components import LOSSES
from chainrule.nn import affine
from chainrule.nn.inits.normal import Normal
from chainrule.nn.network import Network, Parameters
from chainrule.train.engines.layers import descend
from support.numeric import central_difference, oracle

PLAIN = [Network(widths, "", False) for widths in [(7, 4), (7, 5, 4), (6, 5, 4, 3)]]
NORMED = [Network(widths, "", True) for widths in [(7, 5, 4), (6, 5, 4, 3)]]
nets = pytest.mark.parametrize("net", [*PLAIN, *NORMED], ids=str)
losses = pytest.mark.parametrize("loss", LOSSES)
members = pytest.mark.parametrize("members", [1, 3])


RUNNING = ("mean", "variance")


def case(net: Network, loss: str, members: int, samples: int, dtype: type = np.float64):
    """A net with parameters of order one, biases included, and data that reach both sides of every kink."""
    network, widths = replace(net, loss=loss), net.widths
    rng = np.random.default_rng([*widths, members, samples])
    parameters = network.initial(5, [Normal(normal=0.7, bias=0.5)] * members, dtype)
    parameters = {
        name: array + rng.normal(0, 0.1, array.shape).astype(dtype) for name, array in parameters.items()
    }
    x = rng.normal(size=(samples, widths[0])).astype(dtype)
    y = rng.integers(0, widths[-1], samples).astype(np.uint8)
    l2 = np.linspace(0.0, 0.3, members) if members > 1 else np.array([0.2])
    return network, parameters, x, y, l2


def trained(parameters: Parameters) -> Parameters:
    """What a gradient is taken of: all but running values."""
    return {name: array for name, array in parameters.items() if not name.startswith(RUNNING)}


def assert_close(ours: Parameters, theirs: Parameters, relative: float) -> None:
    assert ours.keys() == theirs.keys()
    for name, expected in theirs.items():
        scale = np.abs(expected).max()
        np.testing.assert_allclose(
            ours[name], expected, rtol=0, atol=relative * max(scale, 1e-3), err_msg=name
        )


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


def test_nine_layers_with_batch_norm_equal_autograd():
    net = Network((40, 50, 30, 20, 20, 10, 10, 10, 10, 10), "", batch_norm=True)
    network, parameters, x, y, l2 = case(net, "cross_entropy", 3, 30)
    cost, gradient = network.gradient(parameters, x, y, l2)
    expected_cost, expected = oracle("cross_entropy", trained(parameters), x, y, l2)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-9)
    assert_close(gradient, expected, 1e-9)


@nets
@losses
@members
def test_gradient_equals_central_differences(net, loss, members):
    network, parameters, x, y, l2 = case(net, loss, members, samples=9)
    _, gradient = network.gradient(parameters, x, y, l2)
    for name, array in trained(parameters).items():
        numeric = central_difference(lambda: float(network.gradient(parameters, x, y, l2)[0].sum()), array)
        np.testing.assert_allclose(gradient[name], numeric, rtol=0, atol=1e-7, err_msg=name)


@losses
def test_inputs_of_their_own_for_every_member(loss):
    network, parameters, x, y, l2 = case(NORMED[0], loss, 3, 9)
    own = np.stack([x, 2 * x, -x])
    cost, gradient = network.gradient(parameters, own, y, l2)
    expected_cost, expected = oracle(loss, trained(parameters), own, y, l2)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-12)
    assert_close(gradient, expected, 1e-10)


@nets
@losses
@members
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-13), (np.float32, 2e-6)])
def test_shipped_update_is_the_one_of_the_checked_gradient(net, loss, members, dtype, relative):
    network, parameters, x, y, l2 = case(net, loss, members, 9, dtype)
    rate = np.linspace(0.05, 0.5, members)
    _, gradient = network.gradient(parameters, x, y, l2)
    expected = {
        name: array - rate.reshape(-1, *[1] * (array.ndim - 1)) * gradient[name]
        for name, array in trained(parameters).items()
    }
    scores, caches = network.forward(parameters, x)
    _, cache = network.loss_function.forward(scores, y)
    descend(network, parameters, network.loss_function.backward(cache), caches, rate, l2)
    assert_close(trained(parameters), expected, relative)
    assert all(array.dtype == dtype for array in parameters.values())


@nets
@losses
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_members_equal_solo_nets(net, loss, dtype, relative):
    network, parameters, x, y, l2 = case(net, loss, 3, 9, dtype)
    cost, gradient = network.gradient(parameters, x, y, l2)
    for member in range(3):
        alone = {name: array[member : member + 1] for name, array in parameters.items()}
        solo_cost, solo = network.gradient(alone, x, y, l2[member : member + 1])
        np.testing.assert_allclose(solo_cost[0], cost[member], rtol=relative)
        assert_close(solo, {name: array[member : member + 1] for name, array in gradient.items()}, relative)


@nets
@losses
def test_no_member_sees_another(net, loss):
    network, parameters, x, y, l2 = case(net, loss, 3, 9)
    _, clean = network.gradient(parameters, x, y, l2)
    for array in parameters.values():
        array[1] = np.nan
    with np.errstate(invalid="ignore"):
        cost, poisoned = network.gradient(parameters, x, y, l2)
    for name, array in clean.items():
        np.testing.assert_array_equal(poisoned[name][[0, 2]], array[[0, 2]])
    np.testing.assert_array_equal(np.isnan(cost), [False, True, False])


@losses
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_are_kept(loss, dtype):
    network, parameters, x, y, _ = case(NORMED[0], loss, 2, 9, dtype)
    scores, caches = network.forward(parameters, x)
    values, cache = network.loss_function.forward(scores, y)
    errors = network.backward(network.loss_function.backward(cache), caches)
    assert {scores.dtype, values.dtype, *(error.ds.dtype for error in errors)} == {np.dtype(dtype)}
    assert scores.shape == (2, 9, 4)
    assert values.shape == (2, 9)


def test_affine_input_gradient_equals_central_differences():
    rng = np.random.default_rng(3)
    x, W, b, weight = (rng.normal(size=shape) for shape in [(2, 5, 4), (2, 3, 4), (2, 3), (2, 5, 3)])
    s, cache = affine.forward(x, W, b)
    numeric = central_difference(lambda: float((affine.forward(x, W, b)[0] * weight).sum()), x)
    np.testing.assert_allclose(affine.backward_input(weight, cache), numeric, atol=1e-9)
    np.testing.assert_allclose(s, np.einsum("pnd,pkd->pnk", x, W) + b[:, None], rtol=1e-13)
