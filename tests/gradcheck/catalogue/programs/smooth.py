"""Two layers with tanh between them, one sigmoid output, binary cross-entropy and l2; forward is run twice."""

import numpy as np


def cost(W1, b1, W2, b2, X, Y, l2):
    hidden = np.tanh(X @ W1 + b1)
    A = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
    loss = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return loss + l2 * (np.sum(W1**2) + np.sum(W2**2))


def gradient(W1, b1, W2, b2, X, Y, l2):
    N = len(X)
    h = np.tanh(X @ W1 + b1)
    P = 1 / (1 + np.exp(-(h @ W2 + b2)))
    G = (P - Y) / N
    grad_W2 = 2 * l2 * W2 + h.T @ G
    grad_b2 = np.sum(G, axis=0, keepdims=True)
    G = (G @ W2.T) * (1 - h**2)
    grad_W1 = 2 * l2 * W1 + X.T @ G
    grad_b1 = np.sum(G, axis=0, keepdims=True)
    return grad_W1, grad_b1, grad_W2, grad_b2


def chainrule_check(rng):
    parameters = tuple(rng.normal(size=shape) for shape in ((6, 4), (1, 4), (4, 1), (1, 1)))
    data = (rng.normal(size=(9, 6)), rng.integers(2, size=(9, 1)), 0.1)
    return {"cost": cost, "gradient": gradient, "parameters": parameters, "data": data}
