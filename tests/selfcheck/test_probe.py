"""The probe against whole nets with one entry changed: costs, kinks, threads, complex steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule.components import LOSSES
from chainrule.nn.inits.normal import Normal
from chainrule.nn.network import Network
from chainrule.selfcheck import probe
from chainrule.selfcheck.probe import Probe, parameter_names
from support.numeric import cost

PLAIN = [Network(widths, "", False) for widths in [(7, 4), (7, 5, 4), (6, 5, 4, 3)]]
NORMED = [Network(widths, "", True) for widths in [(7, 5, 4), (6, 5, 4, 3), (6, 5, 4, 4, 3)]]
nets = pytest.mark.parametrize("net", [*PLAIN, *NORMED], ids=str)
losses = pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if not loss.numbers])
"""Those of classes; tests/contract/test_nets.py has the others."""

L2 = np.array([0.0, 0.3])


def case(net: Network, loss: str, samples: int = 9):
    """A net of order one, biases included, and data that reach both sides of every kink."""
    network, rng = replace(net, loss=loss), np.random.default_rng([*net.widths, samples])
    parameters = network.initial(5, [Normal(normal=0.7, bias=0.5)], np.float64)
    parameters = {name: array + rng.normal(0, 0.1, array.shape) for name, array in parameters.items()}
    x = rng.normal(size=(samples, net.widths[0]))
    y = rng.integers(0, net.widths[-1], samples).astype(np.uint8)
    return network, parameters, x, y


def alone(network, parameters):
    """The trained parameters without the member axis."""
    return {name: parameters[name][0].copy() for name in parameter_names(network)}


def active(loss, parameters, x, y):
    """Every ReLU and every hinge that is active, written out."""
    depth, h, places = sum(name[0] == "W" for name in parameters), x, []
    for layer in range(1, depth + 1):
        s = h @ parameters[f"W{layer}"].T + parameters[f"b{layer}"]
        if f"gamma{layer}" in parameters:
            s = (s - s.mean(axis=0)) / np.sqrt(s.var(axis=0) + 1e-5)
            s = parameters[f"gamma{layer}"] * s + parameters[f"beta{layer}"]
        h = np.maximum(s, 0)
        places += [s > 0] if layer < depth else []
    margins = s - s[np.arange(len(y)), y][:, np.newaxis] + 1
    places += [margins > 0] if loss == "hinge" else []
    return np.concatenate([np.zeros(0, bool), *(place.ravel() for place in places)])


def changed(network, parameters, name, entry, value):
    own = alone(network, parameters)
    own[name].reshape(-1)[entry] = value
    return own


@nets
@losses
@pytest.mark.parametrize("size", [1e-3, 0.5])
def test_changes_equal_those_of_whole_nets(net, loss, size):
    network, parameters, x, y = case(net, loss)
    tested = Probe(network, parameters, x, y, L2)
    before = [cost(loss, alone(network, parameters), x, y, l2) for l2 in L2]
    np.testing.assert_allclose(tested.cost, before, rtol=1e-12)
    for name in parameter_names(network):
        at = parameters[name].reshape(-1)
        values = at + size * np.random.default_rng(1).choice([-1.0, 1.0], at.size)
        moved, _ = tested.changes(name, np.arange(at.size), values)
        expected = [
            [
                cost(loss, changed(network, parameters, name, entry, values[entry]), x, y, l2)
                for entry in range(at.size)
            ]
            for l2 in L2
        ]
        np.testing.assert_allclose(moved, np.array(expected) - np.array(before)[:, None], rtol=0, atol=1e-12)


@nets
@losses
def test_kinks_are_those_of_whole_nets(net, loss):
    network, parameters, x, y = case(net, loss)
    tested = Probe(network, parameters, x, y, L2)
    before, met = active(loss, alone(network, parameters), x, y), []
    for name in parameter_names(network):
        at = parameters[name].reshape(-1)
        for size in (0.02, -0.5):
            _, kinks = tested.changes(name, np.arange(at.size), at + size)
            expected = [
                (
                    active(loss, changed(network, parameters, name, entry, at[entry] + size), x, y) != before
                ).any()
                for entry in range(at.size)
            ]
            np.testing.assert_array_equal(kinks, expected)
            met += expected
    smooth = network.loss_function.pieces is None and network.depth == 1
    assert set(met) == ({False} if smooth else {False, True})


@nets
@losses
def test_complex_steps_give_the_gradient(net, loss):
    network, parameters, x, y = case(net, loss)
    tested = Probe(network, parameters, x, y, L2)
    for index in range(len(L2)):
        _, gradient = network.gradient(parameters, x, y, L2[index : index + 1])
        for name in parameter_names(network):
            at = parameters[name].reshape(-1)
            moved, kinks = tested.changes(name, np.arange(at.size), at + 1e-20j)
            np.testing.assert_allclose(
                moved[index].imag / 1e-20, gradient[name].reshape(-1), rtol=1e-10, atol=1e-14
            )
            assert not kinks.any()


@losses
@pytest.mark.parametrize("net", [PLAIN[2], NORMED[1]], ids=str)
def test_results_depend_neither_on_threads_nor_on_which_entries_are_asked_for(net, loss, monkeypatch):
    network, parameters, x, y = case(net, loss)
    monkeypatch.setattr(probe, "_BLOCK_BYTES", 1000)
    single, threaded = (Probe(network, parameters, x, y, L2, workers=workers) for workers in (1, 3))
    for name in parameter_names(network):
        at = parameters[name].reshape(-1)
        every, some = np.arange(at.size), np.arange(at.size)[::-3]
        changes, kinks = single.changes(name, every, at + 0.1)
        for entries in (every, some):
            again, met = threaded.changes(name, entries, at[entries] + 0.1)
            np.testing.assert_array_equal(again, changes[:, entries])
            np.testing.assert_array_equal(met, kinks[entries])


def test_blocks_larger_than_all_entries_change_nothing_but_rounding(monkeypatch):
    network, parameters, x, y = case(NORMED[1], "hinge")
    at = parameters["W1"].reshape(-1)
    moved = []
    for size in (1, 10**9):
        monkeypatch.setattr(probe, "_BLOCK_BYTES", size)
        moved.append(Probe(network, parameters, x, y, L2).changes("W1", np.arange(at.size), at - 0.1)[0])
    np.testing.assert_allclose(*moved, rtol=0, atol=1e-14)


def test_the_net_is_left_as_it_was_and_every_entry_is_counted():
    network, parameters, x, y = case(NORMED[1], "cross_entropy")
    kept = {name: array.copy() for name, array in parameters.items()}
    counted: list[int] = []
    tested = Probe(network, parameters, x, y, L2, tick=counted.append)
    sizes = [parameters[name].size for name in parameter_names(network)]
    for name, size in zip(parameter_names(network), sizes, strict=True):
        tested.changes(name, np.arange(size), np.zeros(size))
    assert sum(counted) == sum(sizes)
    for name, array in kept.items():
        np.testing.assert_array_equal(parameters[name], array)


def test_parameters_are_named_layer_by_layer():
    assert parameter_names(Network((3, 2), "hinge")) == ["W1", "b1"]
    assert parameter_names(NORMED[0]) == ["W1", "b1", "gamma1", "beta1", "W2", "b2"]
