"""A net as the diagnosis writes it: forward and backward in single steps, any of which may be exchanged.

A mistake in a derivation is one of these steps done wrong. Redoing the derivation with that step wrong gives the
gradient which that mistake produces, and every intermediate value on the way to it.

Samples are rows: x (N, D), W (out, in), s = h W^T + b, batch norm (if any) between s and the activation, J = data +
penalty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.activations import RELU, PlainActivation
from chainrule.gradcheck.diagnosis.losses import LOSSES

Step = Callable[..., Any]
Steps = Mapping[tuple[str, int], Step]
"""Steps done otherwise, by the step's name and the layer, counted from 1."""

EPSILONS = (1e-5, 0.0, 1e-8, 1e-6, 1e-7, 1e-4, 1e-3, 1e-9, 1e-10, 1e-12)
"""What batch norm usually adds to the variance, the likeliest first."""


@dataclass
class PlainLayer:
    """One layer's parameters, and what forward and backward find there; ``None`` where it has no such thing.

    Attributes:
        W, b, gamma, beta: (out, in) and (out,).
        h_in, s, s_hat, out, h: input (N, in), affine output, normalised, in front of the activation, behind (N, out).
        mean, inverse_sigma: of s over the samples (out,).
        G: dJ/ds (N, out); ``dout``: dJ/dout; ``dh``: dJ/dh; ``slope``: dh/dout. ``dW`` and so on: gradients of the data
            part; ``gW`` and so on: with the penalty's.
    """

    index: int
    W: Array
    b: Array | None = None
    gamma: Array | None = None
    beta: Array | None = None
    values: dict[str, Array] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Array:
        try:
            return self.__dict__["values"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def parameters(self) -> dict[str, Array]:
        """Those that it has, by kind: ``W``, ``b``, ``gamma``, ``beta``."""
        kinds = {"W": self.W, "b": self.b, "gamma": self.gamma, "beta": self.beta}
        return {kind: value for kind, value in kinds.items() if value is not None}


@dataclass
class PlainNet:
    """A net at one point: parameters, samples, and the penalty's factors.

    Attributes:
        layers: first one first.
        x: inputs (N, D).
        y: labels (N,); of a single output the targets.
        loss: one of :data:`chainrule.gradcheck.diagnosis.losses.LOSSES`.
        eps: batch norm's, None without batch norm.
        penalty: for each of ``W1``, ``b1``, ...: the factor q of q |.|^2 in the cost.
        l2: the number that the user calls so, None if not known.
        factor: of the mean loss in the cost.
        activation: between the layers.
    """

    layers: list[PlainLayer]
    x: Array
    y: Array
    loss: str
    eps: float | None = None
    penalty: dict[str, float] = field(default_factory=dict)
    l2: float | None = None
    factor: float = 1.0
    activation: PlainActivation = RELU
    values: dict[str, Array] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """N."""
        return len(self.y)

    @property
    def targets(self) -> Array:
        """One-hot labels (N, K); of a single output the labels as they are (N, 1)."""
        outputs = len(self.layers[-1].W)
        return self.y[:, np.newaxis] if outputs == 1 else np.eye(outputs)[self.y]

    def normalised(self, layer: PlainLayer) -> bool:
        """Whether batch norm stands behind this layer."""
        return self.eps is not None and layer.index < len(self.layers)


# Forward.


def affine(net: PlainNet, layer: PlainLayer) -> Array:
    s: Array = layer.h_in @ layer.W.T
    return s if layer.b is None else s + layer.b


def statistics(net: PlainNet, layer: PlainLayer) -> tuple[Array, Array]:
    """Mean and 1/sigma of s over the samples."""
    return layer.s.mean(axis=0), inverse_sigma(net, layer.s.var(axis=0))


def inverse_sigma(net: PlainNet, variance: Array) -> Array:
    """1/sigma, with batch norm's eps."""
    assert net.eps is not None
    inverse: Array = 1 / np.sqrt(variance + net.eps)
    return inverse


def scale_and_shift(net: PlainNet, layer: PlainLayer) -> Array:
    out: Array = layer.s_hat if layer.gamma is None else layer.gamma * layer.s_hat
    return out if layer.beta is None else out + layer.beta


def activate(net: PlainNet, layer: PlainLayer) -> Array:
    return net.activation.function(layer.out)


def scores(net: PlainNet, layer: PlainLayer) -> Array:
    return layer.out


def predict(net: PlainNet, layer: PlainLayer) -> Array:
    """What the loss is taken of (N, K): probabilities; the scores themselves for hinge."""
    return LOSSES[net.loss].predict(net.values["scores"])


def loss(net: PlainNet, layer: PlainLayer) -> Array:
    """Each sample's loss (N,)."""
    return LOSSES[net.loss].losses(net.values["P"], net.targets)


# Backward.


def error(net: PlainNet, layer: PlainLayer) -> Array:
    """dJ/dscores (N, K)."""
    return error_at(net, net.values["P"])


def error_at(net: PlainNet, P: Array) -> Array:
    """dJ/dscores (N, K) for any predictions."""
    return net.factor * LOSSES[net.loss].error(P, net.targets) / net.samples


def weight(net: PlainNet, layer: PlainLayer) -> Array:
    dW: Array = layer.G.T @ layer.h_in
    return dW


def bias(net: PlainNet, layer: PlainLayer) -> Array:
    db: Array = layer.G.sum(axis=0)
    return db


def gamma(net: PlainNet, layer: PlainLayer) -> Array:
    dgamma: Array = (layer.dout * layer.s_hat).sum(axis=0)
    return dgamma


def beta(net: PlainNet, layer: PlainLayer) -> Array:
    dbeta: Array = layer.dout.sum(axis=0)
    return dbeta


def penalty(net: PlainNet, layer: PlainLayer, name: str, value: Array, gradient: Array) -> Array:
    """Gradient of one parameter with its penalty's."""
    return gradient + 2 * net.penalty.get(name, 0.0) * value


def propagate(net: PlainNet, layer: PlainLayer) -> Array:
    """dJ/dh of the layer below, (N, in)."""
    dh: Array = layer.G @ layer.W
    return dh


def slope(net: PlainNet, layer: PlainLayer) -> Array:
    """dh/dout (N, out)."""
    return net.activation.slope(layer.out)


def activate_backward(net: PlainNet, layer: PlainLayer) -> Array:
    dout: Array = layer.dh * layer.slope
    return dout


def normalise_backward(net: PlainNet, layer: PlainLayer) -> Array:
    g = scaled_error(layer)
    ds: Array = layer.inverse_sigma * (g - g.mean(axis=0) - layer.s_hat * (g * layer.s_hat).mean(axis=0))
    return ds


def scaled_error(layer: PlainLayer) -> Array:
    """gamma dJ/dout (N, out)."""
    return layer.dout if layer.gamma is None else layer.gamma * layer.dout


RIGHT: dict[str, Step] = {
    "affine": affine, "statistics": statistics, "scale_and_shift": scale_and_shift, "activate": activate,
    "scores": scores, "predict": predict, "loss": loss, "error": error, "weight": weight, "bias": bias, "gamma": gamma,
    "beta": beta, "penalty": penalty, "propagate": propagate, "slope": slope, "activate_backward": activate_backward,
    "normalise_backward": normalise_backward,
}  # fmt: skip
_GRADIENTS = {"W": "weight", "b": "bias", "gamma": "gamma", "beta": "beta"}
"""The step that gives each parameter's gradient of the data part."""


def forward(net: PlainNet, wrong: Steps) -> Array:
    """Losses (N,) of every sample; fills in what the layers find on the way."""
    through_the_layers(net, wrong)
    return compared(net, wrong)


def through_the_layers(net: PlainNet, wrong: Steps) -> None:
    """The way from the inputs to the last layer's output."""
    h = net.x
    for layer in net.layers:
        layer.values = {"h_in": h}
        layer.values["s"] = layer.values["out"] = _do("affine", wrong, layer)(net, layer)
        if layer.index == len(net.layers):
            break
        if net.normalised(layer):
            layer.values["mean"], layer.values["inverse_sigma"] = _do("statistics", wrong, layer)(net, layer)
            layer.values["s_hat"] = (layer.s - layer.mean) * layer.inverse_sigma
            layer.values["out"] = _do("scale_and_shift", wrong, layer)(net, layer)
        layer.values["h"] = h = _do("activate", wrong, layer)(net, layer)


def compared(net: PlainNet, wrong: Steps) -> Array:
    """The way from there to the losses (N,)."""
    last = net.layers[-1]
    net.values["scores"] = _do("scores", wrong, last)(net, last)
    net.values["P"] = _do("predict", wrong, last)(net, last)
    net.values["losses"] = losses = _do("loss", wrong, last)(net, last)
    return np.asarray(losses)


def backward(net: PlainNet, wrong: Steps) -> dict[str, Array]:
    """Gradient of every parameter by name, ``W1``, ``b1``, ``gamma1``, ...; after :func:`forward`."""
    return {name: gradient for of_layer in layer_by_layer(net, wrong) for name, gradient in of_layer.items()}


def layer_by_layer(net: PlainNet, wrong: Steps) -> Iterator[dict[str, Array]]:
    """The same one layer after the other, the last one first; each is found when it is asked for."""
    above = None
    for layer in reversed(net.layers):
        if above is None:
            layer.values["G"] = _do("error", wrong, layer)(net, layer)
        else:
            layer.values["dh"] = _do("propagate", wrong, above)(net, above)
            layer.values["slope"] = _do("slope", wrong, layer)(net, layer)
            layer.values["dout"] = layer.values["G"] = _do("activate_backward", wrong, layer)(net, layer)
            if net.normalised(layer):
                layer.values["G"] = _do("normalise_backward", wrong, layer)(net, layer)
        gradient: dict[str, Array] = {}
        for kind, value in layer.parameters().items():
            d, name = _do(_GRADIENTS[kind], wrong, layer)(net, layer), f"{kind}{layer.index}"
            gradient[name] = _do("penalty", wrong, layer)(net, layer, name, value, d)
            layer.values |= {f"d{kind}": d, f"g{kind}": gradient[name]}
        yield gradient
        above = layer


def _do(name: str, wrong: Steps, layer: PlainLayer) -> Step:
    return wrong.get((name, layer.index), RIGHT[name])
