"""Samples as rows, integer labels, W (in, out), b (K,), half the squared norm, the gradient as a list [W, b]."""
import numpy as np


def compute_cost(X, y, W, b, reg):
    scores = X.dot(W) + b
    scores -= scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean() + 0.5 * reg * np.sum(W * W)


def compute_gradients(X, y, W, b, reg):
    scores = X.dot(W) + b
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    ds = e / e.sum(axis=1, keepdims=True)
    ds[np.arange(len(y)), y] -= 1
    ds /= len(y)
    return [X.T.dot(ds) + reg * W, ds.sum(axis=0)]


def chainrule_check(rng):
    X, y = rng.normal(size=(7, 6)), rng.integers(3, size=7)
    W, b = rng.normal(size=(6, 3)), rng.normal(size=3)
    return dict(cost=compute_cost, gradient=compute_gradients, parameters=dict(W=W, b=b), data=(X, y, 0.1))
