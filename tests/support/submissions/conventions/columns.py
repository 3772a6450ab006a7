"""Samples as columns, one-hot labels (K, N), W (out, in), b (K, 1); the gradient takes P and comes back as (W, b)."""
import numpy as np


def EvaluateClassifier(X, W, b):
    s = W @ X + b
    e = np.exp(s - np.max(s, axis=0))
    return e / np.sum(e, axis=0)


def ComputeCost(X, Y, W, b, lamda):
    P = EvaluateClassifier(X, W, b)
    return -np.sum(Y * np.log(P)) / X.shape[1] + lamda * np.sum(W**2)


def ComputeGradients(X, Y, P, W, lamda):
    N = X.shape[1]
    G = P - Y
    return G @ X.T / N + 2 * lamda * W, np.sum(G, axis=1, keepdims=True) / N


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    W, b = rng.normal(size=(3, 6)), rng.normal(size=(3, 1))
    gradient = lambda W, b, X, Y, lam: ComputeGradients(X, Y, EvaluateClassifier(X, W, b), W, lam)
    cost = lambda W, b, X, Y, lam: ComputeCost(X, Y, W, b, lam)
    return dict(cost=cost, gradient=gradient, parameters=(W, b), data=(X, Y, 0.1))
