import numpy as np

# Flerklassig SVM. X (d, n), y (n,), W (K, d), b (K, 1)


def marginaler(W, b, X, y):
    s = W @ X + b
    ratt = s[y, np.arange(X.shape[1])]
    m = np.maximum(0, s - ratt + 1)
    m[y, np.arange(X.shape[1])] = 0
    return m


def svm_kostnad(W, b, X, y, lam):
    return marginaler(W, b, X, y).sum() / X.shape[1] + lam * (W ** 2).sum()


def svm_gradient(W, b, X, y, lam):
    n = X.shape[1]
    G = (marginaler(W, b, X, y) > 0).astype(float)
    G[y, np.arange(n)] = -G.sum(axis=0)
    dW = G @ X.T / n + 2 * lam * W
    db = G.mean(axis=1, keepdims=True) / n
    return dW, db
