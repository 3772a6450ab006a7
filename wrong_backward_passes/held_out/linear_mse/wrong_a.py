"""Multivariate linear regression, fitted by gradient descent."""
import numpy as np


def predict(X, W, b):
    """X: (N, D), W: (D, K), b: (K,)"""
    return X @ W + b


def mse_loss(X, Y, W, b):
    diff = predict(X, W, b) - Y
    return np.mean(np.sum(diff ** 2, axis=1))


def mse_gradients(X, Y, W, b):
    n_samples = X.shape[0]
    diff = predict(X, W, b) - Y
    grad_W = 2.0 / n_samples * X.T @ diff
    grad_b = diff.mean(axis=0)
    return grad_W, grad_b


def fit(X, Y, n_iter=200, lr=0.05):
    W = np.zeros((X.shape[1], Y.shape[1]))
    b = np.zeros(Y.shape[1])
    history = []
    for _ in range(n_iter):
        grad_W, grad_b = mse_gradients(X, Y, W, b)
        W -= lr * grad_W
        b -= lr * grad_b
        history.append(mse_loss(X, Y, W, b))
    return W, b, history


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 4))
    Y = X @ rng.normal(size=(4, 2)) + 0.1 * rng.normal(size=(100, 2))
    W, b, history = fit(X, Y)
    print("final loss", history[-1])
