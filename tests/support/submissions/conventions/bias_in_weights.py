"""The bias is the last column of W; the code appends a row of ones to X."""
import numpy as np


def with_ones(X):
    return np.vstack([X, np.ones((1, X.shape[1]))])


def probabilities(W, X):
    s = W @ with_ones(X)
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)


def cost(W, X, Y, lam):
    return -np.sum(Y * np.log(probabilities(W, X))) / X.shape[1] + lam * np.sum(W[:, :-1] ** 2)


def gradient(W, X, Y, lam):
    G = (probabilities(W, X) - Y) / X.shape[1]
    dW = G @ with_ones(X).T
    dW[:, :-1] += 2 * lam * W[:, :-1]
    return dW


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    return dict(cost=cost, gradient=gradient, parameters=rng.normal(size=(3, 7)), data=(X, Y, 0.1))
