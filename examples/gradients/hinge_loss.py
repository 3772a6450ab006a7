"""The multi-class hinge loss with loops over samples and classes, W as (inputs, classes)."""

import numpy as np


def svm_loss(W, X, y, reg):
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j != y[i]:
                loss += max(0, scores[j] - scores[y[i]] + 1)
    return loss / X.shape[0] + reg * np.sum(W * W)


def svm_gradient(W, X, y, reg):
    dW = np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j != y[i] and scores[j] - scores[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return dW / 500 + 2 * reg * W


def chainrule_check(rng):
    data = (rng.normal(size=(7, 5)), rng.integers(4, size=7), 0.05)
    return {"cost": svm_loss, "gradient": svm_gradient, "parameters": rng.normal(size=(5, 4)), "data": data}
