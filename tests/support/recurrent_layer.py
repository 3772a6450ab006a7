"""A recurrent layer and a norm, and points at which their backward passes are held against differences."""

import numpy as np

from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

RNG = np.random.default_rng(5)
SIZES = {"x": (3, 2, 4), "Wx": (4, 5), "Wh": (5, 5), "b": (5,)}
PARAMETERS = {name: RNG.normal(size=size) for name, size in SIZES.items()}
DOUT = RNG.normal(size=(3, 2, 5))


def states(p):
    h = np.zeros((4, 2, 5))
    for t in range(3):
        h[t] = np.tanh(p["x"][t] @ p["Wx"] + h[t - 1] @ p["Wh"] + p["b"])
    return h


def cost(p, dout):
    h = states(p)
    return (h[:3] * dout).sum()


def gradient(p, dout, carried=lambda dz, p: dz @ p["Wh"].T, slope=lambda h: 1 - h**2):
    h = states(p)
    dx, dWx, dWh, db = (np.zeros_like(p[name]) for name in SIZES)
    back = np.zeros_like(h[0])
    for t in (2, 1, 0):
        dh = dout[t] + back
        dz = dh * slope(h[t])
        dx[t] = dz @ p["Wx"].T
        dWx += p["x"][t].T @ dz
        dWh += h[t - 1].T @ dz
        db += dz.sum(axis=0)
        back = carried(dz, p)
    return {"x": dx, "Wx": dWx, "Wh": dWh, "b": db}


def lost(p, dout):
    return gradient(p, dout, carried=lambda dz, p: 0 * dz)


def of_sigmoid(p, dout):
    return gradient(p, dout, slope=lambda h: h * (1 - h))


def normed(p, dout):
    mean = p["z"].mean(axis=1, keepdims=True)
    centred = p["z"] - mean
    variance = (centred**2).mean(axis=1, keepdims=True)
    return (centred / np.sqrt(variance + 0.1) * dout).sum()


def variance_held(p, dout):
    centred = p["z"] - p["z"].mean(axis=1, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 0.1)
    dcentred = dout / std
    return {"z": dcentred - dcentred.mean(axis=1, keepdims=True)}


NORMED = {"z": RNG.normal(size=(3, 4))}
OF_NORM = RNG.normal(size=(3, 4))


def checked(wrong, *, norm=False):
    """A wrong backward pass at a point."""
    forward, parameters, dout = (normed, NORMED, OF_NORM) if norm else (cost, PARAMETERS, DOUT)
    return compare_at(point_of(forward, wrong, parameters, (dout,)), np.random.default_rng(0))
