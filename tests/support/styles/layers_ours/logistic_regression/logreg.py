import numpy as np


def sigmoid(t):
    return 1.0 / (1.0 + np.exp(-t))


def propagate(w, b, X, y, lam=0.0):
    """
    w: (D,) weights, b: float, X: (N, D), y: (N,) of 0 and 1.
    Cost: mean cross-entropy + lam / 2 * |w|^2 (the bias is not penalised).
    """
    N = X.shape[0]
    a = sigmoid(X @ w + b)
    cost = -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)) + 0.5 * lam * (w @ w)
    err = a - y
    grads = {
        "dw": X.T @ err / N + lam * w,
        "db": np.sum(err) / N,
    }
    return cost, grads


def brier(w, b, X, y):
    """Mean squared error of the predicted probabilities, and its gradient."""
    N = len(y)
    a = sigmoid(X @ w + b)
    cost = np.mean((a - y) ** 2)
    dz = 2.0 * (a - y) * a * (1 - a) / N
    return cost, {"dw": X.T @ dz, "db": dz.sum()}


def fit(X, y, steps=500, rate=0.5, lam=0.0):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        cost, g = propagate(w, b, X, y, lam)
        w = w - rate * g["dw"]
        b = b - rate * g["db"]
    return w, b, cost


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    X = rng.normal(size=(100, 3))
    y = (X @ np.array([1.0, -2.0, 0.5]) + 0.3 > 0).astype(float)
    print(fit(X, y, lam=1e-3))
