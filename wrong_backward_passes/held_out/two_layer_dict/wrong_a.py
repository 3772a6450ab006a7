# Tvålagersnät. Kolumnerna i X är exempel, natet är en dict med W1, b1, W2, b2.
import numpy as np


def framat(X, natet):
    s1 = natet["W1"] @ X + natet["b1"]
    h = np.maximum(0, s1)
    s = natet["W2"] @ h + natet["b2"]
    e = np.exp(s - s.max(axis=0))
    return h, e / e.sum(axis=0)


def berakna_kostnad(X, y, natet, lam):
    _, P = framat(X, natet)
    forlust = -np.log(P[y, np.arange(y.size)]).mean()
    return forlust + lam * (np.sum(natet["W1"] ** 2) + np.sum(natet["W2"] ** 2))


def berakna_gradienter(X, y, natet, lam):
    n = y.size
    h, P = framat(X, natet)
    g = P.copy()
    g[y, np.arange(n)] -= 1
    g /= n
    grad = {}
    grad["W2"] = g @ h.T + 2 * lam * natet["W2"]
    grad["b2"] = g.sum(axis=1, keepdims=True)
    # bakåt genom andra lagret och ReLU
    g = natet["W2"].T @ g
    grad["W1"] = g @ X.T + 2 * lam * natet["W1"]
    grad["b1"] = g.sum(axis=1, keepdims=True)
    return grad


def initiera(d, m, K, slump):
    return {
        "W1": slump.normal(0, 1 / np.sqrt(d), (m, d)),
        "b1": np.zeros((m, 1)),
        "W2": slump.normal(0, 1 / np.sqrt(m), (K, m)),
        "b2": np.zeros((K, 1)),
    }
