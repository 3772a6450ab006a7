from builtins import range
import numpy as np
from random import shuffle


def svm_loss_naive(W, X, y, reg):
    """Loops over everything. W: (D, C), X: (N, D), y: (N,)."""
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """The same without loops."""
    n = X.shape[0]
    rows = np.arange(n)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y].reshape(-1, 1) + 1)
    margins[rows, y] = 0
    loss = margins.sum() / n + reg * np.sum(W * W)
    counts = (margins > 0).astype(float)
    counts[rows, y] = -counts.sum(axis=1)
    dW = X.T.dot(counts) / n + 2 * reg * W
    return loss, dW
