"""Batch norm with gamma, beta and eps 1e-5; moving averages change on every call."""
import numpy as np

averages = {"mean": 0.0, "var": 1.0}


def forward(params, X):
    s = X @ params["W1"] + params["b1"]
    mean, var = s.mean(axis=0), s.var(axis=0)
    averages["mean"] = 0.9 * averages["mean"] + 0.1 * mean
    averages["var"] = 0.9 * averages["var"] + 0.1 * var
    s_hat = (s - mean) / np.sqrt(var + 1e-5)
    H = np.maximum(0, params["gamma"] * s_hat + params["beta"])
    s2 = H @ params["W2"] + params["b2"]
    e = np.exp(s2 - s2.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True), H, s_hat, var


def cost(params, X, y, lam):
    P = forward(params, X)[0]
    return -np.log(P[np.arange(len(y)), y]).mean() + lam * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))


def gradient(params, X, y, lam):
    P, H, s_hat, var = forward(params, X)
    Y = np.eye(P.shape[1])[y]
    G = (P - Y) / len(y)
    grads = {"W2": H.T @ G + 2 * lam * params["W2"], "b2": G.sum(axis=0)}
    G = (G @ params["W2"].T) * (H > 0)
    grads |= {"gamma": (G * s_hat).sum(axis=0), "beta": G.sum(axis=0)}
    G = G * params["gamma"]
    G = (G - G.mean(axis=0) - s_hat * (G * s_hat).mean(axis=0)) / np.sqrt(var + 1e-5)
    return grads | {"W1": X.T @ G + 2 * lam * params["W1"], "b1": G.sum(axis=0)}


def chainrule_check(rng):
    X, y = rng.normal(size=(9, 6)), rng.integers(3, size=9)
    p = dict(zip(("W1", "b1", "beta", "W2", "b2"), map(rng.standard_normal, ((6, 5), 5, 5, (5, 3), 3))))
    return dict(cost=cost, gradient=gradient, parameters=p | {"gamma": rng.uniform(0.5, 2, 5)}, data=(X, y, 0.1))
