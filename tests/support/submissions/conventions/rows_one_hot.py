"""Samples as rows, one-hot labels (N, K), W (out, in), b (1, K); the gradient comes back as (b, W)."""
import numpy as np


def forward(X, W, b):
    s = X @ W.T + b
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(X, Y, W, b, lam):
    return -np.mean(np.sum(Y * np.log(forward(X, W, b)), axis=1)) + lam * np.sum(W**2)


def backward(X, Y, W, b, lam):
    G = (forward(X, W, b) - Y) / len(X)
    return G.sum(axis=0, keepdims=True), G.T @ X + 2 * lam * W


def chainrule_check(rng):
    X, Y = rng.normal(size=(7, 6)), np.eye(3)[rng.integers(3, size=7)]
    W, b = rng.normal(size=(3, 6)), rng.normal(size=(1, 3))
    return dict(cost=loss, gradient=backward, parameters=dict(W=W, b=b), data=(X, Y, 0.1))
