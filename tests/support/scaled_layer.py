"""A layer of a few named steps with its way back, and wrong ways back: programs whose computation is small."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from support.points import point_of

RNG = np.random.default_rng(4)
PARAMETERS = {"x": RNG.normal(size=(5, 3)), "w": RNG.normal(size=(3, 2)), "b": RNG.normal(size=2)}
DOUT = RNG.normal(size=(5, 2))


def squashed(v):
    bent = np.tanh(v)
    return bent * 0.5


def forward(p, dout):
    x, w, b = p["x"], p["w"], p["b"]
    z = x @ w + b
    out = squashed(z)
    return (out * dout).sum()


def steps_back(p, dout, slope):
    z = p["x"] @ p["w"] + p["b"]
    dz = dout * slope(z)
    dx = dz @ p["w"].T
    dw = p["x"].T @ dz
    return {"x": dx, "w": dw, "b": dz.sum(axis=0)}


def right(p, dout):
    return steps_back(p, dout, lambda z: 0.5 * (1 - np.tanh(z) ** 2))


def doubled(p, dout):
    return steps_back(p, dout, lambda z: 1 - np.tanh(z) ** 2)


def mean_bias(p, dout):
    grads = right(p, dout)
    grads["b"] = grads["b"] / len(dout)
    return grads


def true_dz() -> np.ndarray:
    """What ``dz`` should be, derived by hand."""
    z = PARAMETERS["x"] @ PARAMETERS["w"] + PARAMETERS["b"]
    return DOUT * 0.5 * (1 - np.tanh(z) ** 2)


def turned(p, x):
    h, total = p["h"], 0.0
    for t in range(4):
        h = np.tanh(x[t] * h)
        total = total + h.sum()
    return total


def turned_back(p, x, *, wrong: bool):
    hs = [p["h"]]
    for t in range(4):
        hs.append(np.tanh(x[t] * hs[-1]))
    dh = np.zeros_like(p["h"])
    for t in reversed(range(4)):
        da = (1 - hs[t + 1] ** 2) * (dh + 1)
        scale = x[t] if t or not wrong else 2 * x[t]
        dh = da * scale
    return {"h": dh}


def checked(gradient) -> CheckedPoint:
    """A way back at the layer's parameters."""
    return compare_at(point_of(forward, gradient, PARAMETERS, (DOUT,)), np.random.default_rng(0))
