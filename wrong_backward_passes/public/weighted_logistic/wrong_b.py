# Regressione logistica con pesi per campione
import numpy as np


def probabilita(X, w, b):
    return 1.0 / (1.0 + np.exp(-(X @ w + b)))


def perdita(X, y, pesi, w, b):
    p = probabilita(X, w, b)
    perdite = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return np.sum(pesi * perdite) / np.sum(pesi)


def gradienti(X, y, pesi, w, b):
    p = probabilita(X, w, b)
    errore = (p - y) / np.sum(pesi)
    return X.T @ errore, np.sum(errore)


if __name__ == "__main__":
    rng = np.random.default_rng(5)
    X = rng.normal(size=(40, 2))
    y = (X.sum(axis=1) > 0).astype(float)
    pesi = rng.uniform(0.5, 2.0, size=40)
    w, b = np.zeros(2), 0.0
    for passo in range(100):
        dw, db = gradienti(X, y, pesi, w, b)
        w -= 0.5 * dw
        b -= 0.5 * db
    print(perdita(X, y, pesi, w, b))
