import numpy as np


def compute_P(X, W, b):
    s = X @ W + b
    s -= np.max(s, axis=1, keepdims=True)
    return np.exp(s) / np.sum(np.exp(s), axis=1, keepdims=True)


def compute_J(P, Y, W, lam):
    return np.mean(-np.log(np.sum(P * Y, axis=1))) + lam * np.sum(W ** 2)


def compute_grads(X, Y, P, W, lam):
    g = -(Y - P)
    return X.T @ g / len(X) + 2 * lam * W, np.mean(g, axis=0)


def minibatch_gd(X, Y, W, b, lam, eta=0.01, n_batch=100, n_epochs=20):
    log = []
    for epoch in range(n_epochs):
        for start in range(0, len(X), n_batch):
            Xb, Yb = X[start:start + n_batch], Y[start:start + n_batch]
            P = compute_P(Xb, W, b)
            gW, gb = compute_grads(Xb, Yb, P, W, lam)
            W = W - eta * gW
            b = b - eta * gb
        P = compute_P(X, W, b)
        log.append((compute_J(P, Y, W, lam), np.mean(P.argmax(1) == Y.argmax(1))))
    return W, b, log
