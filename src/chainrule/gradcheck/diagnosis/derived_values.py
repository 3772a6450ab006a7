"""Every value of a derivation that programs write down on the way, by what it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, scaled_error
from chainrule.gradcheck.diagnosis.losses import margins

_TRACED: Sequence[str] = (
    "s", "s_hat", "out", "h", "slope", "G", "dout", "dh", "dW", "gW", "db", "gb", "dgamma", "ggamma", "dbeta", "gbeta",
)  # fmt: skip


def derived_values(net: PlainNet) -> dict[tuple[str, int], Array]:
    """Every value found on the way, by kind and layer; those of the scores and of the loss under the last layer."""
    values = {
        (kind, layer.index): layer.values[kind]
        for layer in net.layers
        for kind in _TRACED
        if kind in layer.values
    }
    for layer in net.layers:
        if net.normalised(layer):
            values |= {(kind, layer.index): value for kind, value in _around_batch_norm(net, layer).items()}
    last = len(net.layers)
    return values | {(kind, last): value for kind, value in _around_the_loss(net).items()}


def _around_the_loss(net: PlainNet) -> dict[str, Array]:
    scores, P = net.values["scores"], net.values["P"]
    terms = {"scores": scores, "P": P, "losses": net.values["losses"]}
    if net.loss == "hinge":
        terms["margins"] = margins(scores, net.targets)
    elif (P > 0).all():
        terms["log P"] = np.log(P)
    return terms


def _around_batch_norm(net: PlainNet, layer: PlainLayer) -> dict[str, Array]:
    """Statistics, and on the way back the terms that programs write down one by one."""
    variance, sigma = 1 / np.square(layer.inverse_sigma) - (net.eps or 0.0), 1 / layer.inverse_sigma
    terms = {"mean": layer.mean, "variance": variance, "1/sigma": layer.inverse_sigma, "sigma": sigma}
    if "dout" in layer.values:
        g = scaled_error(layer)
        product = g * layer.s_hat
        terms |= {"g_hat": g, "direct": g * layer.inverse_sigma}
        terms |= {"sum g_hat": g.sum(axis=0), "mean g_hat": g.mean(axis=0)}
        terms |= {"sum g_hat s_hat": product.sum(axis=0), "mean g_hat s_hat": product.mean(axis=0)}
    return terms
