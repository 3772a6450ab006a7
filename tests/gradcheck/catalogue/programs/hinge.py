"""One layer, hinge loss of integer labels, half of l2; a numeric check in place."""

import numpy as np


def violations(W, b, X, y):
    samples = np.arange(len(X))
    scores = X @ W + b
    margins = np.maximum(scores - scores[samples, y][:, np.newaxis] + 1, 0)
    margins[samples, y] = 0
    return margins


def cost(W, b, X, y, l2):
    return np.mean(np.sum(violations(W, b, X, y), axis=1)) + 0.5 * l2 * np.sum(W**2)


def gradient(W, b, X, y, l2):
    N = len(X)
    G = (violations(W, b, X, y) > 0) / N
    G[np.arange(N), y] = -np.sum(G, axis=1)
    grad_W = X.T @ G + l2 * W  # the cost has 0.5 * l2 * np.sum(W**2)
    grad_b = np.sum(G, axis=0)
    return grad_W, grad_b


def numeric_gradient(W, b, X, y, l2, step=1e-6):
    gradients = []
    for value in (W, b):
        numeric = np.zeros_like(value)
        for i in np.ndindex(value.shape):
            before = value[i]
            value[i] = before + step
            above = cost(W, b, X, y, l2)
            value[i] = before - step
            below = cost(W, b, X, y, l2)
            value[i] = before
            numeric[i] = (above - below) / (2 * step)
        gradients.append(numeric)
    return gradients


def chainrule_check(rng):
    parameters = (rng.normal(size=(6, 4)), rng.normal(size=4))
    data = (rng.normal(size=(9, 6)), rng.integers(4, size=9), 0.1)
    return {
        "cost": cost,
        "gradient": gradient,
        "parameters": parameters,
        "data": data,
        "numeric": numeric_gradient,
    }
