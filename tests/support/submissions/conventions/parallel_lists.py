"""Weights and biases in two lists side by side; the gradients come back the same way."""
import numpy as np


def forward(X, Ws, bs):
    layers = [X]
    for W, b in zip(Ws[:-1], bs[:-1]):
        layers.append(np.maximum(0, W @ layers[-1] + b))
    s = Ws[-1] @ layers[-1] + bs[-1]
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0), layers


def cost(X, Y, Ws, bs, lam):
    P, _ = forward(X, Ws, bs)
    return -np.sum(Y * np.log(P)) / X.shape[1] + lam * sum(np.sum(W**2) for W in Ws)


def gradients(X, Y, Ws, bs, lam):
    P, layers = forward(X, Ws, bs)
    G = (P - Y) / X.shape[1]
    dWs, dbs = [None] * len(Ws), [None] * len(bs)
    for i in reversed(range(len(Ws))):
        dWs[i] = G @ layers[i].T + 2 * lam * Ws[i]
        dbs[i] = G.sum(axis=1, keepdims=True)
        G = (Ws[i].T @ G) * (layers[i] > 0)
    return dWs, dbs


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    Ws = [rng.normal(size=size) for size in ((5, 6), (4, 5), (3, 4))]
    bs = [rng.normal(size=(n, 1)) for n in (5, 4, 3)]
    return dict(cost=cost, gradient=gradients, parameters=dict(Ws=Ws, bs=bs), data=(X, Y, 0.1))
