"""The multi-class hinge loss in loops over samples and classes, W alone, cost and gradient from one function."""
import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(len(y)):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / len(y) + reg * np.sum(W * W), dW / len(y) + 2 * reg * W


def chainrule_check(rng):
    X, y = rng.normal(size=(7, 6)), rng.integers(3, size=7)
    gradient = lambda W, X, y, reg: svm_loss_naive(W, X, y, reg)[1]
    return dict(cost=svm_loss_naive, gradient=gradient, parameters=rng.normal(size=(6, 3)), data=(X, y, 0.1))
