# Netz mit Batch-Normalisierung, eine verdeckte Schicht
import numpy as np

EPS = 1e-6


def vorwaerts(X, p):
    z = X @ p["W1"]
    mu = z.mean(axis=0)
    sigma = np.sqrt(z.var(axis=0) + EPS)
    zn = (z - mu) / sigma
    u = p["g"] * zn + p["s"]
    a = np.maximum(u, 0.0)
    o = a @ p["W2"] + p["b2"]
    o = o - o.max(axis=1, keepdims=True)
    q = np.exp(o)
    q /= q.sum(axis=1, keepdims=True)
    return q, (X, zn, sigma, u, a)


def verlust(X, T, p):
    q, _ = vorwaerts(X, p)
    return -(T * np.log(q)).sum() / X.shape[0]


def rueckwaerts(X, T, p):
    N = X.shape[0]
    q, (X, zn, sigma, u, a) = vorwaerts(X, p)
    do = (q - T) / N
    grad = {"W2": a.T @ do, "b2": do.sum(axis=0)}
    du = do @ p["W2"].T
    du[u < 0] = 0
    grad["g"] = (du * zn).sum(axis=0)
    grad["s"] = du.sum(axis=0)
    dzn = du * p["g"]
    # kompakte Formel für die Ableitung der Normalisierung
    dz = (N * dzn - dzn.sum(axis=0) - zn * (dzn * zn).sum(axis=1, keepdims=True)) / (N * sigma)
    grad["W1"] = X.T @ dz
    return grad
