"""Nets as the diagnosis writes them, drawn; and their gradients with steps done otherwise."""

import itertools

import numpy as np

from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.activations import RELU
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet

PENALTY = {"W1": 0.03, "W2": 0.05, "W3": 0.02, "W4": 0.07, "W5": 0.04}


def drawn_net(
    widths,
    loss="cross_entropy",
    eps=None,
    *,
    samples=9,
    seed=0,
    penalty=PENALTY,
    bias=True,
    scale=True,
    activation=RELU,
):
    rng = np.random.default_rng(seed)
    built = []
    for index, (into, out) in enumerate(itertools.pairwise(widths), start=1):
        W, b = 0.7 * rng.standard_normal((out, into)), rng.standard_normal(out)
        vectors = (rng.uniform(0.5, 2, out), rng.standard_normal(out))
        normalised = eps is not None and scale and index < len(widths) - 1
        built.append(PlainLayer(index, W, b if bias else None, *(vectors if normalised else (None, None))))
    x, y = rng.standard_normal((samples, widths[0])), rng.integers(0, max(widths[-1], 2), samples)
    return PlainNet(built, x, y, loss, eps, dict(penalty), 0.05, 1.3, activation)


def gradient_with(net, wrong):
    with np.errstate(all="ignore"):
        derivation.forward(net, wrong)
        return derivation.backward(net, wrong)
