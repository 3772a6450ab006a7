"""Cost and gradient take the cache of the forward pass; the gradients come back last layer first."""
import numpy as np


def forward(X, W1, b1, W2, b2):
    Z1 = np.dot(W1, X) + b1
    A1 = np.maximum(Z1, 0)
    Z2 = np.dot(W2, A1) + b2
    A2 = np.exp(Z2) / np.exp(Z2).sum(axis=0)
    return (Z1, A1, W1, Z2, A2, W2)


def cost(cache, Y, lambd):
    _, _, W1, _, A2, W2 = cache
    return -np.sum(Y * np.log(A2)) / Y.shape[1] + lambd / 2 * (np.sum(W1**2) + np.sum(W2**2))


def backward(X, Y, cache, lambd):
    Z1, A1, W1, _, A2, W2 = cache
    m = X.shape[1]
    dZ2 = A2 - Y
    dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)
    dW2, db2 = np.dot(dZ2, A1.T) / m + lambd * W2, dZ2.sum(axis=1, keepdims=True) / m
    dW1, db1 = np.dot(dZ1, X.T) / m + lambd * W1, dZ1.sum(axis=1, keepdims=True) / m
    return dW2, db2, dW1, db1


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    p = [rng.normal(size=size) for size in ((5, 6), (5, 1), (3, 5), (3, 1))]
    gradient = lambda p, X, Y, l: dict(zip(("[2]", "[3]", "[0]", "[1]"), backward(X, Y, forward(X, *p), l)))
    return dict(cost=lambda p, X, Y, l: cost(forward(X, *p), Y, l), gradient=gradient, parameters=p, data=(X, Y, 0.1))
