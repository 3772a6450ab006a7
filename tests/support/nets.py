"""Nets with parameters of order one, biases included, and data that reach both sides of every kink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chainrule.nn.inits.normal import Normal
from chainrule.nn.network import Network, Parameters
from support.components import learned

PLAIN = [Network(widths, "", False) for widths in [(7, 4), (7, 5, 4), (6, 5, 4, 3)]]
NORMED = [Network(widths, "", True) for widths in [(7, 5, 4), (6, 5, 4, 3)]]
RUNNING = ("mean", "variance")


def case(
    net: Network, loss: str, members: int, samples: int, dtype: type = np.float64, activation: str = "relu"
):
    """The net with that loss and activation, its parameters, inputs, labels, and l2 of every member."""
    *below, classes = net.widths
    _, outputs = learned(loss, np.arange(1))
    network = replace(net, loss=loss, activation=activation, widths=(*below, outputs or classes))
    widths = network.widths
    rng = np.random.default_rng([*widths, members, samples])
    parameters = network.initial(5, [Normal(normal=0.7, bias=0.5)] * members, dtype)
    parameters = {
        name: array + rng.normal(0, 0.1, array.shape).astype(dtype) for name, array in parameters.items()
    }
    x = rng.normal(size=(samples, widths[0])).astype(dtype)
    y, _ = learned(loss, rng.integers(0, classes, samples).astype(np.uint8))
    l2 = np.linspace(0.0, 0.3, members) if members > 1 else np.array([0.2])
    return network, parameters, x, y, l2


def trained(parameters: Parameters) -> Parameters:
    """What a gradient is taken of: all but running values."""
    return {name: array for name, array in parameters.items() if not name.startswith(RUNNING)}


def assert_close(ours: Parameters, theirs: Parameters, relative: float) -> None:
    """Equal to so much of each array's scale."""
    assert ours.keys() == theirs.keys()
    for name, expected in theirs.items():
        scale = np.abs(expected).max()
        np.testing.assert_allclose(
            ours[name], expected, rtol=0, atol=relative * max(scale, 1e-3), err_msg=name
        )
