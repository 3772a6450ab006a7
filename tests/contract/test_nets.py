"""What holds for whole nets of every loss and every activation: one step, as the layers take it."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from chainrule.components import ACTIVATIONS, LOSSES
from chainrule.selfcheck.entrywise import Entries, central, complex_step, judge
from chainrule.selfcheck.probe import Probe, parameter_names
from chainrule.train.engines.layers import descend
from support.components import names
from support.nets import NORMED, PLAIN, assert_close, case, trained
from support.numeric import central_difference

NETS = [
    *((net, loss, "relu") for net in [*PLAIN, *NORMED] for loss in names(LOSSES)),
    *((net, "hinge", name) for net in [PLAIN[2], *NORMED] for name in names(ACTIVATIONS) if name != "relu"),
]
"""Every loss on every net, every activation where there are hidden layers."""
nets = pytest.mark.parametrize(
    ("net", "loss", "activation"),
    NETS,
    ids=[
        f"{'-'.join(map(str, net.widths))}{' bn' * net.batch_norm} {loss} {name}" for net, loss, name in NETS
    ],
)
members = pytest.mark.parametrize("members", [1, 3])


@nets
@members
def test_gradient_equals_central_differences(net, loss, activation, members):
    network, parameters, x, y, l2 = case(net, loss, members, 9, activation=activation)
    _, gradient = network.gradient(parameters, x, y, l2)
    for name, array in trained(parameters).items():
        numeric = central_difference(lambda: float(network.gradient(parameters, x, y, l2)[0].sum()), array)
        np.testing.assert_allclose(gradient[name], numeric, rtol=0, atol=1e-7, err_msg=name)


@nets
@members
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-13), (np.float32, 2e-6)])
def test_shipped_update_is_the_one_of_the_checked_gradient(net, loss, activation, members, dtype, relative):
    network, parameters, x, y, l2 = case(net, loss, members, 9, dtype, activation)
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
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_members_equal_solo_nets(net, loss, activation, dtype, relative):
    network, parameters, x, y, l2 = case(net, loss, 3, 9, dtype, activation)
    cost, gradient = network.gradient(parameters, x, y, l2)
    for member in range(3):
        alone = {name: array[member : member + 1] for name, array in parameters.items()}
        solo_cost, solo = network.gradient(alone, x, y, l2[member : member + 1])
        np.testing.assert_allclose(solo_cost[0], cost[member], rtol=relative)
        assert_close(solo, {name: array[member : member + 1] for name, array in gradient.items()}, relative)


@nets
def test_no_member_sees_another(net, loss, activation):
    network, parameters, x, y, l2 = case(net, loss, 3, 9, activation=activation)
    _, clean = network.gradient(parameters, x, y, l2)
    for array in parameters.values():
        array[1] = np.nan
    with np.errstate(invalid="ignore"):
        cost, poisoned = network.gradient(parameters, x, y, l2)
    for name, array in clean.items():
        np.testing.assert_array_equal(poisoned[name][[0, 2]], array[[0, 2]])
    np.testing.assert_array_equal(np.isnan(cost), [False, True, False])


@nets
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_are_kept(net, loss, activation, dtype):
    network, parameters, x, y, _ = case(net, loss, 2, 9, dtype, activation)
    scores, caches = network.forward(parameters, x)
    values, cache = network.loss_function.forward(scores, y)
    errors = network.backward(network.loss_function.backward(cache), caches)
    assert {scores.dtype, values.dtype, *(error.ds.dtype for error in errors)} == {np.dtype(dtype)}
    assert scores.shape == (2, 9, network.widths[-1])
    assert values.shape == (2, 9)


@nets
def test_the_gradient_check_of_every_entry_finds_it_right(net, loss, activation):
    network, parameters, x, y, l2 = case(net, loss, 1, 9, activation=activation)
    probe = Probe(network, parameters, x, y, l2)
    _, gradient = network.gradient(parameters, x, y, l2)
    cost = network.gradient(parameters, x, y, l2)[0]
    np.testing.assert_allclose(probe.cost, cost, rtol=1e-12)
    for name in parameter_names(network):
        at = parameters[name].reshape(-1)
        every = Entries(np.arange(at.size), at, probe.cost, functools.partial(probe.changes, name))
        verdicts = {judge(gradient[name].reshape(-1), way(every)[0]) for way in (central, complex_step)}
        # Batch norm takes away what a bias in front of it adds.
        nothing = net.batch_norm and name in {f"b{layer}" for layer in range(1, network.depth)}
        assert verdicts == {"zero" if nothing else "right"}, name


@nets
def test_the_gradient_check_meets_every_kink(net, loss, activation):
    network, parameters, x, y, l2 = case(net, loss, 1, 9, activation=activation)
    probe = Probe(network, parameters, x, y, l2)

    def pieces():
        scores, caches = network.forward(parameters, x)
        _, cache = network.loss_function.forward(scores, y)
        own = [(network.activation_function, here.activation) for here in caches[:-1]]
        every = [*own, (network.loss_function, cache)]
        return [component.pieces(of).copy() for component, of in every if component.pieces]

    before, met = pieces(), set()
    for name in parameter_names(network):
        at = parameters[name].reshape(-1)
        _, kinks = probe.changes(name, np.arange(at.size), at + 0.5)
        for entry in range(at.size):
            value, at[entry] = at[entry], at[entry] + 0.5
            crossed = any((a != b).any() for a, b in zip(pieces(), before, strict=True))
            at[entry] = value
            assert kinks[entry] == crossed
            met.add(crossed)
    kinked = network.loss_function.pieces or (network.depth > 1 and network.activation_function.pieces)
    assert met == ({False, True} if kinked else {False})
