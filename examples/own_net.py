"""A net that knows nothing of chainrule: one layer on the digits of scikit-learn, and the files it leaves behind.

    python examples/own_net.py

writes history.csv and strong.csv, two trainings with names of columns of its author's choice; net.npz, with the weights
and the gradients at the end, derived and numeric; and search.csv, what other penalties came to.
"""

import csv

import numpy as np
from sklearn.datasets import load_digits

RATE, EPOCHS, BATCH, L2 = 0.5, 30, 50, 0.0005

X, y = load_digits(return_X_y=True)
X, Y = X / 16, np.eye(10)[y]
X_train, Y_train, X_val, Y_val = X[:1400], Y[:1400], X[1400:], Y[1400:]


def softmax(X, W, b):
    s = X @ W + b
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cost(X, Y, W, b, l2):
    return -np.mean(np.log(softmax(X, W, b)[Y == 1])) + l2 * np.sum(W**2)


def gradient(X, Y, W, b, l2):
    G = (softmax(X, W, b) - Y) / len(X)
    return X.T @ G + 2 * l2 * W, G.sum(axis=0)


def accuracy(X, Y, W, b):
    return np.mean(softmax(X, W, b).argmax(axis=1) == Y.argmax(axis=1))


def numeric(cost_of, parameter, step=1e-5):
    slopes = np.zeros_like(parameter)
    for i in np.ndindex(parameter.shape):
        kept = parameter[i]
        parameter[i] = kept + step
        above = cost_of()
        parameter[i] = kept - step
        slopes[i] = (above - cost_of()) / (2 * step)
        parameter[i] = kept
    return slopes


def train(l2, epochs=EPOCHS, seed=0, sigma=0.01):
    rng = np.random.default_rng(seed)
    W, b = rng.normal(0, sigma, (64, 10)), np.zeros(10)
    rows = []
    for epoch in range(epochs + 1):
        measured = [cost(X_train, Y_train, W, b, l2), cost(X_val, Y_val, W, b, l2)]
        measured += [accuracy(X_train, Y_train, W, b), accuracy(X_val, Y_val, W, b)]
        rows.append([epoch, *(round(float(value), 4) for value in measured)])
        for start in range(0, len(X_train), BATCH):
            now = slice(start, start + BATCH)
            dW, db = gradient(X_train[now], Y_train[now], W, b, l2)
            W, b = W - RATE * dW, b - RATE * db
    return W, b, rows


def write(name, head, rows):
    with open(name, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])


if __name__ == "__main__":
    names = ["varv", "kostnad", "kostnad_val", "acc_train", "acc_val"]
    W, b, rows = train(L2)
    write("history.csv", names, rows)
    write("strong.csv", names, train(0.1)[2])
    dW, db = gradient(X_train, Y_train, W, b, L2)
    beside = {
        f"{name}_numeric": numeric(lambda: cost(X_train, Y_train, W, b, L2), own)
        for name, own in (("dW", W), ("db", b))
    }
    np.savez("net.npz", W=W, b=b, dW=dW, db=db, **beside)
    tried = [(l2, seed) for l2 in (0.0001, 0.001, 0.01, 0.1) for seed in range(3)]
    ends = [[l2, seed, train(l2, 3, seed, sigma=1)[2][-1][-1]] for l2, seed in tried]
    write("search.csv", ["lambda", "seed", "acc_val"], ends)
    print("accuracy on validation:", rows[-1][-1])
