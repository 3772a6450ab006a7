import numpy as np


def log_softmax(x):
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax_loss(x, y):
    N = x.shape[0]
    logp = log_softmax(x)
    loss = -logp[np.arange(N), y].sum() / N
    dx = np.exp(logp)
    dx[np.arange(N), y] -= 1
    return loss, dx / N


def smoothed_softmax_loss(x, y, eps=0.1):
    """Cross-entropy against (1 - eps) * onehot + eps / C."""
    N, C = x.shape
    target = np.full((N, C), eps / C)
    target[np.arange(N), y] += 1 - eps
    logp = log_softmax(x)
    loss = -np.sum(target * logp) / N
    grad = np.exp(logp) - target
    return loss, grad / N


def _margins(x, y, delta=1.0):
    N = x.shape[0]
    right = x[np.arange(N), y][:, np.newaxis]
    m = np.maximum(0, x - right + delta)
    m[np.arange(N), y] = 0
    return m


def svm_loss(x, y):
    N = x.shape[0]
    m = _margins(x, y)
    pos = (m > 0).astype(x.dtype)
    pos[np.arange(N), y] = -pos.sum(axis=1)
    return m.sum() / N, pos / N


def squared_svm_loss(x, y):
    N = x.shape[0]
    m = _margins(x, y)
    dm = 2 * m
    dm[np.arange(N), y] -= dm.sum(axis=1)
    return np.sum(m * m) / N, dm / N


def linear_svm(W, X, y, reg):
    loss, dscores = svm_loss(X.dot(W), y)
    loss += reg * np.sum(W * W)
    dW = X.T.dot(dscores) + 2 * reg * W
    return loss, dW
