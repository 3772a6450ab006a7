import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    """
    W: (D, C) weights, X: (N, D) data, y: (N,) labels, reg: L2 strength.
    Returns the loss and its gradient with respect to W.
    """
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    loss = margins.sum() / num_train + reg * np.sum(W * W)

    coeff = (margins > 0).astype(float)
    coeff[np.arange(num_train), y] = -coeff.sum(axis=1)
    dW = X.T.dot(coeff) / num_train + 2 * reg * W
    return loss, dW


def svm_scores_loss(x, y, delta=1.0, squared=False):
    """The same on scores x: (N, C). Returns loss and dx."""
    N = x.shape[0]
    rows = np.arange(N)
    m = np.maximum(0, x - x[rows, y][:, None] + delta)
    m[rows, y] = 0
    if squared:
        loss = np.sum(m ** 2) / N
        dx = 2 * m
    else:
        loss = np.sum(m) / N
        dx = np.where(m > 0, 1.0, 0.0)
    dx[rows, y] -= np.sum(dx, axis=1)
    return loss, dx / N
