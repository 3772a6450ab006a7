# Regresión de Poisson con regularización
import numpy as np


def tasa(X, w, b):
    return np.exp(X.dot(w) + b)


def costo(X, y, w, b, lam):
    mu = tasa(X, w, b)
    m = X.shape[0]
    return (mu - y * np.log(mu)).sum() / m + lam / (2 * m) * np.sum(w ** 2)


def gradiente(X, y, w, b, lam):
    m = X.shape[0]
    mu = tasa(X, w, b)
    error = mu - y
    dw = X.T.dot(error) / m + lam / m * w
    db = error.sum() / m
    return dw, db


def entrenar(X, y, alfa=0.05, iteraciones=300, lam=0.1):
    w = np.zeros(X.shape[1])
    b = 0.0
    for i in range(iteraciones):
        dw, db = gradiente(X, y, w, b, lam)
        w = w - alfa * dw
        b = b - alfa * db
    return w, b


if __name__ == "__main__":
    np.random.seed(0)
    X = np.random.randn(80, 3) * 0.5
    y = np.random.poisson(np.exp(X.dot(np.array([0.5, -0.3, 0.2])) + 0.1))
    print(entrenar(X, y))
