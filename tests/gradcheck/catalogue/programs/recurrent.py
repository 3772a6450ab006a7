"""Words, a recurrent layer over time, and a squared error at every step."""

import numpy as np


def states(p, words):
    h = np.zeros((len(words) + 1, words.shape[1], len(p["Wh"])))
    for t in range(len(words)):
        h[t] = np.tanh(p["E"][words[t]] @ p["Wx"] + h[t - 1] @ p["Wh"] + p["b"])
    return h


def cost(p, words, Y):
    h = states(p, words)[:-1]
    return 0.5 * np.sum((h @ p["V"] - Y) ** 2)


def gradient(p, words, Y):
    h = states(p, words)
    dy = h[:-1] @ p["V"] - Y
    dV = np.einsum("tnh,tnk->hk", h[:-1], dy)
    dout = dy @ p["V"].T
    dE, dWx, dWh, db = (np.zeros_like(p[name]) for name in ("E", "Wx", "Wh", "b"))
    dh_next = np.zeros_like(dout[0])
    for t in reversed(range(len(words))):
        dh = dout[t] + dh_next
        dz = dh * (1 - h[t] ** 2)
        dWx += p["E"][words[t]].T @ dz
        dWh += h[t - 1].T @ dz
        db += dz.sum(axis=0)
        dx = dz @ p["Wx"].T
        np.add.at(dE, words[t], dx)
        dh_next = dz @ p["Wh"].T
    return {"E": dE, "Wx": dWx, "Wh": dWh, "b": db, "V": dV}


def chainrule_check(rng):
    sizes = {"E": (5, 3), "Wx": (3, 4), "Wh": (4, 4), "b": (4,), "V": (4, 2)}
    parameters = {name: rng.normal(size=size) for name, size in sizes.items()}
    words = np.array([[0, 1, 1, 2, 0], [3, 3, 4, 1, 0], [2, 4, 4, 1, 3]])
    return {
        "cost": cost,
        "gradient": gradient,
        "parameters": parameters,
        "data": (words, rng.normal(size=(3, 5, 2))),
    }
