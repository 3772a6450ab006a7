"""Multi-class SVM; the bias is the last column of W, and every sample ends with a one."""
import numpy as np
import scipy.io


def objective(W, X, y, C):
    S = W @ X
    margins = S - S[y, range(X.shape[1])] + 1
    margins[y, range(X.shape[1])] = 0
    return C * (W * W).sum() / 2 + np.maximum(margins, 0).sum() / X.shape[1]


def gradient(W, X, y, C):
    N = X.shape[1]
    S = W @ X
    margins = S - S[y, range(N)] + 1
    margins[y, range(N)] = 0
    active = np.where(margins > 0, 1.0, 0.0)
    active[y, range(N)] = -active.sum(0)
    return C * W + active @ X.T / N


def train(X, y, K, C=1e-3, rate=1e-2, steps=1000):
    X = np.vstack([X, np.ones(X.shape[1])])
    W = np.zeros((K, X.shape[0]))
    for _ in range(steps):
        W -= rate * gradient(W, X, y, C)
    return W


mat = scipy.io.loadmat("digits.mat")
W = train(mat["X"].T / 255, mat["y"].ravel(), 10)
print(objective(W, np.vstack([mat["X"].T / 255, np.ones(len(mat["X"]))]), mat["y"].ravel(), 1e-3))
