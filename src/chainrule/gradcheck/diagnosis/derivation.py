"""A net as the diagnosis writes it: forward and backward in single steps, any of which may be exchanged.

A mistake in a derivation is one of these steps done wrong. Redoing the derivation with that step wrong gives the
gradient which that mistake produces, and every intermediate value on the way to it.

Samples are rows: x (N, D), W (out, in), s = h W^T + b, batch norm (if any) between s and ReLU, J = data + penalty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.arrays import Array

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
        h_in, s, s_hat, out, h: input (N, in), affine output, normalised, in front of ReLU, behind it (N, out).
        mean, inverse_sigma: of s over the samples (out,).
        G: dJ/ds (N, out); ``dout``: dJ/dout; ``dh``: dJ/dh. ``dW`` and so on: gradients of the data part;
            ``gW`` and so on: with the penalty's.
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
        y: labels (N,).
        loss: ``cross_entropy`` or ``hinge``.
        eps: batch norm's, None without batch norm.
        penalty: for each of ``W1``, ``b1``, ...: the factor q of q |.|^2 in the cost.
        l2: the number that the user calls so, None if not known.
        factor: of the mean loss in the cost.
    """

    layers: list[PlainLayer]
    x: Array
    y: Array
    loss: str
    eps: float | None = None
    penalty: dict[str, float] = field(default_factory=dict)
    l2: float | None = None
    factor: float = 1.0
    values: dict[str, Array] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """N."""
        return len(self.y)

    @property
    def onehot(self) -> Array:
        """Labels (N, K)."""
        hot: Array = np.eye(len(self.layers[-1].W))[self.y]
        return hot

    def normalised(self, layer: PlainLayer) -> bool:
        """Whether batch norm stands behind this layer."""
        return self.eps is not None and layer.index < len(self.layers)


# Forward.


def affine(net: PlainNet, at: PlainLayer) -> Array:
    s: Array = at.h_in @ at.W.T
    return s if at.b is None else s + at.b


def statistics(net: PlainNet, at: PlainLayer) -> tuple[Array, Array]:
    """Mean and 1/sigma of s over the samples."""
    return at.s.mean(axis=0), inverse_sigma(net, at.s.var(axis=0))


def inverse_sigma(net: PlainNet, variance: Array) -> Array:
    """1/sigma, with batch norm's eps."""
    assert net.eps is not None
    inverse: Array = 1 / np.sqrt(variance + net.eps)
    return inverse


def scale_and_shift(net: PlainNet, at: PlainLayer) -> Array:
    out: Array = at.s_hat if at.gamma is None else at.gamma * at.s_hat
    return out if at.beta is None else out + at.beta


def rectify(net: PlainNet, at: PlainLayer) -> Array:
    return np.maximum(at.out, 0.0)


def scores(net: PlainNet, at: PlainLayer) -> Array:
    return at.out


def loss(net: PlainNet, at: PlainLayer) -> Array:
    """Each sample's loss (N,)."""
    return LOSSES[net.loss](net.values["scores"], net.y)


def probabilities(scores: Array) -> Array:
    """Softmax of scores (N, K)."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    P: Array = e / e.sum(axis=1, keepdims=True)
    return P


def cross_entropy(scores: Array, y: Array) -> Array:
    top = scores.max(axis=1)
    log_sum = top + np.log(np.exp(scores - top[:, np.newaxis]).sum(axis=1))
    losses: Array = log_sum - scores[np.arange(len(y)), y]
    return losses


def margins(scores: Array, y: Array) -> Array:
    """max(0, s_j - s_y + 1), 0 for the correct class (N, K)."""
    m = np.maximum(0.0, scores - scores[np.arange(len(y)), y][:, np.newaxis] + 1.0)
    m[np.arange(len(y)), y] = 0.0
    return m


def hinge(scores: Array, y: Array) -> Array:
    losses: Array = margins(scores, y).sum(axis=1)
    return losses


LOSSES: dict[str, Callable[[Array, Array], Array]] = {"cross_entropy": cross_entropy, "hinge": hinge}

# Backward.


def error(net: PlainNet, at: PlainLayer) -> Array:
    """dJ/dscores (N, K)."""
    return error_at(net, net.values["scores"])


def error_at(net: PlainNet, scores: Array) -> Array:
    """dJ/dscores (N, K) at any scores."""
    if net.loss == "cross_entropy":
        G = probabilities(scores) - net.onehot
    else:
        violated = (margins(scores, net.y) > 0).astype(float)
        G = violated - net.onehot * violated.sum(axis=1, keepdims=True)
    return net.factor * G / net.samples


def weight(net: PlainNet, at: PlainLayer) -> Array:
    dW: Array = at.G.T @ at.h_in
    return dW


def bias(net: PlainNet, at: PlainLayer) -> Array:
    db: Array = at.G.sum(axis=0)
    return db


def gamma(net: PlainNet, at: PlainLayer) -> Array:
    dgamma: Array = (at.dout * at.s_hat).sum(axis=0)
    return dgamma


def beta(net: PlainNet, at: PlainLayer) -> Array:
    dbeta: Array = at.dout.sum(axis=0)
    return dbeta


def penalty(net: PlainNet, at: PlainLayer, name: str, value: Array, gradient: Array) -> Array:
    """Gradient of one parameter with its penalty's."""
    return gradient + 2 * net.penalty.get(name, 0.0) * value


def propagate(net: PlainNet, at: PlainLayer) -> Array:
    """dJ/dh of the layer below, (N, in)."""
    dh: Array = at.G @ at.W
    return dh


def rectify_backward(net: PlainNet, at: PlainLayer) -> Array:
    dout: Array = at.dh * (at.out > 0)
    return dout


def normalise_backward(net: PlainNet, at: PlainLayer) -> Array:
    g = scaled_error(at)
    ds: Array = at.inverse_sigma * (g - g.mean(axis=0) - at.s_hat * (g * at.s_hat).mean(axis=0))
    return ds


def scaled_error(at: PlainLayer) -> Array:
    """gamma dJ/dout (N, out)."""
    return at.dout if at.gamma is None else at.gamma * at.dout


RIGHT: dict[str, Step] = {
    "affine": affine, "statistics": statistics, "scale_and_shift": scale_and_shift, "rectify": rectify,
    "scores": scores, "loss": loss, "error": error, "weight": weight, "bias": bias, "gamma": gamma, "beta": beta,
    "penalty": penalty, "propagate": propagate, "rectify_backward": rectify_backward,
    "normalise_backward": normalise_backward,
}  # fmt: skip
_GRADIENTS = {"W": "weight", "b": "bias", "gamma": "gamma", "beta": "beta"}
"""The step that gives each parameter's gradient of the data part."""


def forward(net: PlainNet, wrong: Steps) -> Array:
    """Losses (N,) of every sample; fills in what the layers find on the way."""
    h = net.x
    for at in net.layers:
        at.values = {"h_in": h}
        at.values["s"] = at.values["out"] = _do("affine", wrong, at)(net, at)
        if at.index == len(net.layers):
            break
        if net.normalised(at):
            at.values["mean"], at.values["inverse_sigma"] = _do("statistics", wrong, at)(net, at)
            at.values["s_hat"] = (at.s - at.mean) * at.inverse_sigma
            at.values["out"] = _do("scale_and_shift", wrong, at)(net, at)
        at.values["h"] = h = _do("rectify", wrong, at)(net, at)
    net.values["scores"] = _do("scores", wrong, at)(net, at)
    net.values["losses"] = losses = _do("loss", wrong, at)(net, at)
    return np.asarray(losses)


def backward(net: PlainNet, wrong: Steps) -> dict[str, Array]:
    """Gradient of every parameter by name, ``W1``, ``b1``, ``gamma1``, ...; after :func:`forward`."""
    gradient: dict[str, Array] = {}
    above = None
    for at in reversed(net.layers):
        if above is None:
            at.values["G"] = _do("error", wrong, at)(net, at)
        else:
            at.values["dh"] = _do("propagate", wrong, above)(net, above)
            at.values["dout"] = at.values["G"] = _do("rectify_backward", wrong, at)(net, at)
            if net.normalised(at):
                at.values["G"] = _do("normalise_backward", wrong, at)(net, at)
        for kind, value in at.parameters().items():
            d, name = _do(_GRADIENTS[kind], wrong, at)(net, at), f"{kind}{at.index}"
            gradient[name] = _do("penalty", wrong, at)(net, at, name, value, d)
            at.values |= {f"d{kind}": d, f"g{kind}": gradient[name]}
        above = at
    return gradient


def _do(name: str, wrong: Steps, at: PlainLayer) -> Step:
    return wrong.get((name, at.index), RIGHT[name])


_TRACED: Sequence[str] = (
    "s", "s_hat", "out", "h", "G", "dout", "dh", "dW", "gW", "db", "gb", "dgamma", "ggamma", "dbeta", "gbeta",
)  # fmt: skip


def traced(net: PlainNet) -> dict[tuple[str, int], Array]:
    """Every value found on the way, by kind and layer; those of the scores and of the loss under the last layer."""
    values = {(kind, at.index): at.values[kind] for at in net.layers for kind in _TRACED if kind in at.values}
    for at in net.layers:
        if net.normalised(at):
            values |= {(kind, at.index): value for kind, value in _around_batch_norm(net, at).items()}
    last, scores = len(net.layers), net.values["scores"]
    P = probabilities(scores)
    of_the_loss = {
        "scores": scores, "P": P, "log P": np.log(P), "margins": margins(scores, net.y), "losses": net.values["losses"],
    }  # fmt: skip
    return values | {(kind, last): value for kind, value in of_the_loss.items()}


def _around_batch_norm(net: PlainNet, at: PlainLayer) -> dict[str, Array]:
    """Statistics, and on the way back the terms that programs write down one by one."""
    variance, sigma = 1 / np.square(at.inverse_sigma) - (net.eps or 0.0), 1 / at.inverse_sigma
    terms = {"mean": at.mean, "variance": variance, "1/sigma": at.inverse_sigma, "sigma": sigma}
    if "dout" in at.values:
        g = scaled_error(at)
        product = g * at.s_hat
        terms |= {"g_hat": g, "direct": g * at.inverse_sigma}
        terms |= {"sum g_hat": g.sum(axis=0), "mean g_hat": g.mean(axis=0)}
        terms |= {"sum g_hat s_hat": product.sum(axis=0), "mean g_hat s_hat": product.mean(axis=0)}
    return terms
