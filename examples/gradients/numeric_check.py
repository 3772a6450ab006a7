"""A right gradient, and a numeric check that says it is wrong."""

import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)


def compute_cost(X, Y, W, b, lam):
    return -np.mean(np.log(np.sum(Y * softmax(W @ X + b), axis=0))) + lam * np.sum(W**2)


def compute_gradients(X, Y, W, b, lam):
    G = (softmax(W @ X + b) - Y) / X.shape[1]
    return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True)


def compute_gradients_num(X, Y, W, b, lam, h=1e-6):
    grads = []
    for parameter in (W, b):
        grad = np.zeros(parameter.shape)
        for i in np.ndindex(parameter.shape):
            tried = parameter
            tried[i] -= h
            below = compute_cost(X, Y, W, b, lam)
            tried = parameter
            tried[i] += h
            above = compute_cost(X, Y, W, b, lam)
            grad[i] = (above - below) / (2 * h)
        grads.append(grad)
    return grads
