"""A net with batch norm in rows; an adapter says what is what."""

import numpy as np


def forward(p, X):
    s = X @ p["W1"] + p["b1"]
    mean, variance = s.mean(axis=0), s.var(axis=0)
    s_hat = (s - mean) / np.sqrt(variance + 1e-5)
    h = np.maximum(p["gamma"] * s_hat + p["beta"], 0)
    scores = h @ p["W2"] + p["b2"]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return s, s_hat, variance, h, e / e.sum(axis=1, keepdims=True)


def cost(p, X, y, l2):
    P = forward(p, X)[-1]
    data = -np.log(P[np.arange(len(y)), y]).mean()
    return data + l2 * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))


def gradient(p, X, y, l2):
    _, s_hat, variance, h, P = forward(p, X)
    g = P.copy()
    g[np.arange(len(y)), y] -= 1
    g /= len(y)
    grads = {"W2": h.T @ g + 2 * l2 * p["W2"], "b2": g.sum(axis=0)}
    g = (g @ p["W2"].T) * (h > 0)
    grads["gamma"] = np.sum(g * s_hat, axis=0)
    grads["beta"] = np.sum(g, axis=0)
    g = g * p["gamma"]
    g = (g - g.mean(axis=0)) / np.sqrt(variance + 1e-5)
    grads["W1"] = X.T @ g + 2 * l2 * p["W1"]
    grads["b1"] = g.sum(axis=0)
    return grads


def chainrule_check(rng):
    shapes = {"W1": (6, 5), "b1": (5,), "gamma": (5,), "beta": (5,), "W2": (5, 3), "b2": (3,)}
    parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    data = (rng.normal(size=(8, 6)), rng.integers(3, size=8), 0.1)
    return {"cost": cost, "gradient": gradient, "parameters": parameters, "data": data}
