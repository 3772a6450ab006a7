"""Regression that tells its own spread: mean and softplus deviation, Gaussian likelihood."""
import numpy as np


def softplus(a):
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def nll(theta, X, y):
    """theta: dict of Wm (D,), bm, Ws (D,), bs"""
    mu = X @ theta["Wm"] + theta["bm"]
    sd = softplus(X @ theta["Ws"] + theta["bs"]) + 1e-3
    return np.mean(np.log(sd) + 0.5 * ((y - mu) / sd) ** 2)


def nll_grad(theta, X, y):
    N = len(y)
    mu = X @ theta["Wm"] + theta["bm"]
    pre = X @ theta["Ws"] + theta["bs"]
    sd = softplus(pre) + 1e-3
    err = y - mu
    dmu = -err / sd ** 2 / N
    dsd = (1 / sd - err ** 2 / sd ** 3) / N
    dpre = dsd / (1 + np.exp(-pre))
    return {"Wm": X.T @ dmu, "bm": dmu.sum(), "Ws": X.T @ dpre, "bs": dpre.sum()}
