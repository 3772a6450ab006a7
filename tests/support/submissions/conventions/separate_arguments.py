"""W1, W2, b1, b2 as arguments of their own; the gradient comes back as (b1, b2, W1, W2) and takes P and H."""
import numpy as np


def EvaluateClassifier(X, W1, W2, b1, b2):
    H = np.maximum(0, W1 @ X + b1)
    s = W2 @ H + b2
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0), H


def ComputeCost(X, Y, W1, W2, b1, b2, lamb):
    P, _ = EvaluateClassifier(X, W1, W2, b1, b2)
    return -np.log(np.sum(Y * P, axis=0)).mean() + lamb * (np.sum(W1**2) + np.sum(W2**2))


def ComputeGradients(X, Y, P, H, W1, W2, b1, b2, lamb):
    N = X.shape[1]
    G = P - Y
    dW2, db2 = G @ H.T / N + 2 * lamb * W2, G.mean(axis=1, keepdims=True)
    G = (W2.T @ G) * (H > 0)
    dW1, db1 = G @ X.T / N + 2 * lamb * W1, G.mean(axis=1, keepdims=True)
    return db1, db2, dW1, dW2


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    p = dict(zip(("W1", "W2", "b1", "b2"), map(rng.standard_normal, ((5, 6), (3, 5), (5, 1), (3, 1)))))
    gradient = lambda X, Y, l, W1, W2, b1, b2: ComputeGradients(
        X, Y, *EvaluateClassifier(X, W1, W2, b1, b2), W1, W2, b1, b2, l)
    return dict(cost=ComputeCost, gradient=gradient, parameters=p, data=(X, Y, 0.1))
