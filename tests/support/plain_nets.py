"""Plain costs as users write them, with gradients right and wrong; and what a check says of them, in few words."""

import numpy as np

RNG = np.random.default_rng(3)
D, H, K, N = 4, 5, 3, 7
X = RNG.standard_normal((D, N))
Y = np.eye(K)[RNG.integers(0, K, N)].T


def drawn():
    rng = np.random.default_rng(11)
    return {
        "W1": 0.6 * rng.standard_normal((H, D)),
        "b1": 0.3 * rng.standard_normal((H, 1)),
        "W2": 0.6 * rng.standard_normal((K, H)),
        "b2": 0.3 * rng.standard_normal((K, 1)),
    }


def forward(p, X):
    h = np.maximum(p["W1"] @ X + p["b1"], 0)
    s = p["W2"] @ h + p["b2"]
    e = np.exp(s - s.max(axis=0))
    return h, e / e.sum(axis=0)


def cost(p, X, Y, lam):
    _, P = forward(p, X)
    penalty = lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
    return -np.log((Y * P).sum(axis=0)).sum() / X.shape[1] + penalty


def gradient(p, X, Y, lam):
    h, P = forward(p, X)
    G = (P - Y) / X.shape[1]
    d = p["W2"].T @ G * (h > 0)
    return {
        "W2": G @ h.T + 2 * lam * p["W2"],
        "b2": G.sum(axis=1, keepdims=True),
        "W1": d @ X.T + 2 * lam * p["W1"],
        "b1": d.sum(axis=1, keepdims=True),
    }


def halved(p, X, Y, lam):
    g = gradient(p, X, Y, lam)
    g["W1"] = g["W1"] - lam * p["W1"]
    return g


def numeric_gradient(p, X, Y, lam, h=1e-6, cost=cost):
    found = {}
    for name, array in p.items():
        found[name] = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            moved = {**p, name: array.copy()}
            moved[name][index] += h
            above = cost(moved, X, Y, lam)
            moved[name][index] -= 2 * h
            found[name][index] = (above - cost(moved, X, Y, lam)) / (2 * h)
    return found


ONE = {"W": RNG.standard_normal((K, D)), "b": np.zeros((K, 1))}


def one_layer_cost(p, X, Y):
    s = p["W"] @ X + p["b"]
    return (np.log(np.exp(s).sum(axis=0)) - (Y * s).sum(axis=0)).mean()


SMALL = {"w": np.array([0.5, -1.0]), "v": np.array([[2.0]])}


def squares(p):
    return sum((a**2).sum() for a in p.values())


def twice(p):
    return {name: 2 * a for name, a in p.items()}


def named(outcome):
    return [cause.name for cause in outcome.causes]


def verdicts(outcome):
    return {t.name: t.verdict for t in outcome.tensors}
