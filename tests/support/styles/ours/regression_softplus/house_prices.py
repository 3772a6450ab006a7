import csv
import numpy as np

HIDDEN = 16


def softplus(x):
    return np.log1p(np.exp(x))


def predict(X, weights):
    W1, b1, W2, b2 = weights
    return softplus(X @ W1 + b1) @ W2 + b2


def mse_loss(weights, X, y):
    error = predict(X, weights) - y
    return np.sum(error ** 2) / (2 * len(X))


def mse_gradient(weights, X, y):
    W1, b1, W2, b2 = weights
    z = X @ W1 + b1
    h = softplus(z)
    error = (h @ W2 + b2 - y) / len(X)
    back = error @ W2.T / (1 + np.exp(-z))
    return [X.T @ back, back.sum(axis=0), h.T @ error, error.sum(axis=0)]


def read(path):
    with open(path) as handle:
        rows = [[float(v) for v in row] for row in list(csv.reader(handle))[1:]]
    table = np.array(rows)
    return table[:, :-1], table[:, -1:]


def main():
    X, y = read("houses.csv")
    X = (X - X.mean(0)) / X.std(0)
    weights = [np.random.randn(X.shape[1], HIDDEN) * .1, np.zeros(HIDDEN), np.random.randn(HIDDEN, 1) * .1, np.zeros(1)]
    for step in range(5000):
        weights = [w - 0.01 * g for w, g in zip(weights, mse_gradient(weights, X, y))]
        if step % 500 == 0:
            print(step, mse_loss(weights, X, y))


main()
