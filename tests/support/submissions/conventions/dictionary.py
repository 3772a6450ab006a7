"""All parameters in one dictionary, the gradients in another, under names of their own."""
import numpy as np


def forward(X, params):
    A1 = np.maximum(0, X @ params["W1"] + params["b1"])
    Z2 = A1 @ params["W2"] + params["b2"]
    e = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    return {"A1": A1, "A2": e / e.sum(axis=1, keepdims=True)}


def compute_cost(X, y, params, lambd):
    A2 = forward(X, params)["A2"]
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    return -np.mean(np.log(A2[range(len(y)), y])) + lambd / 2 * penalty


def backward(X, y, params, lambd):
    cache = forward(X, params)
    dZ2 = cache["A2"].copy()
    dZ2[range(len(y)), y] -= 1
    dZ2 /= len(y)
    dZ1 = (dZ2 @ params["W2"].T) * (cache["A1"] > 0)
    grads = {"dW1": X.T @ dZ1 + lambd * params["W1"], "dW2": cache["A1"].T @ dZ2 + lambd * params["W2"]}
    return grads | {"db1": dZ1.sum(axis=0), "db2": dZ2.sum(axis=0)}


def chainrule_check(rng):
    X, y = rng.normal(size=(7, 6)), rng.integers(3, size=7)
    p = {"W1": rng.normal(size=(6, 5)), "b1": rng.normal(size=5)}
    p |= {"W2": rng.normal(size=(5, 3)), "b2": rng.normal(size=3)}
    cost, gradient = lambda p, X, y, l: compute_cost(X, y, p, l), lambda p, X, y, l: backward(X, y, p, l)
    return dict(cost=cost, gradient=gradient, parameters=p, data=(X, y, 0.1))
