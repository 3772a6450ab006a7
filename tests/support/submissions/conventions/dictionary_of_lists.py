"""A dictionary of lists, one entry for each layer; the gradient is built from the last layer to the first."""
import numpy as np


def ApplyNetwork(X, NetParams):
    hs = [X]
    for W, b in zip(NetParams["W"], NetParams["b"]):
        hs.append(np.maximum(0, W @ hs[-1] + b))
    s = NetParams["W"][-1] @ hs[-2] + NetParams["b"][-1]
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0), hs[:-1]


def ComputeCost(X, Y, NetParams, lam):
    P, _ = ApplyNetwork(X, NetParams)
    return -np.sum(Y * np.log(P)) / X.shape[1] + lam * sum(np.sum(W**2) for W in NetParams["W"])


def ComputeGradients(X, Y, NetParams, lam):
    P, hs = ApplyNetwork(X, NetParams)
    G = (P - Y) / X.shape[1]
    grads = {"W": [], "b": []}
    for W, h in zip(NetParams["W"][::-1], hs[::-1]):
        grads["W"].append(G @ h.T + 2 * lam * W)
        grads["b"].append(np.sum(G, axis=1, keepdims=True))
        G = (W.T @ G) * (h > 0)
    return {name: values[::-1] for name, values in grads.items()}


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    p = {"W": [rng.normal(size=(5, 6)), rng.normal(size=(3, 5))], "b": [rng.normal(size=(n, 1)) for n in (5, 3)]}
    cost = lambda p, X, Y, lam: ComputeCost(X, Y, p, lam)
    return dict(cost=cost, gradient=lambda p, X, Y, lam: ComputeGradients(X, Y, p, lam), parameters=p, data=(X, Y, 0.1))
