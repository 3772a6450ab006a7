import numpy as np
from numpy import exp, log, zeros


def sigmoid(x):
    return 1 / (1 + exp(-x))


def scores(X, W, b):
    return sigmoid(W @ X + b)


def cost(X, Y, W, b, lam):
    """Sum of K binary cross-entropies, one for each class."""
    P = scores(X, W, b)
    return -(Y * log(P) + (1 - Y) * log(1 - P)).sum() / X.shape[1] + lam * (W ** 2).sum()


def gradient(X, Y, W, b, lam):
    n = X.shape[1]
    E = scores(X, W, b) - Y
    return E @ X.T / n + 2 * lam * W, E.sum(axis=1, keepdims=True) / n


def numerical_gradient(X, Y, W, b, lam, h=1e-5):
    grads = []
    for A in (W, b):
        g = zeros(A.shape)
        for index in np.ndindex(*A.shape):
            saved = A[index]
            A[index] = saved + h
            up = cost(X, Y, W, b, lam)
            A[index] = saved - h
            down = cost(X, Y, W, b, lam)
            A[index] = saved
            g[index] = (up - down) / (2 * h)
        grads.append(g)
    return grads[0], grads[1]


rng = np.random.RandomState(7)
X, W, b = rng.randn(8, 12), rng.randn(4, 8), rng.randn(4, 1)
Y = np.eye(4)[:, rng.randint(4, size=12)]
for mine, numeric in zip(gradient(X, Y, W, b, 0.1), numerical_gradient(X, Y, W, b, 0.1)):
    error = abs(mine - numeric) / np.maximum(1e-6, abs(mine) + abs(numeric))
    print("largest relative error", error.max())
    assert error.max() < 1e-5
