"""A net that knows nothing of chainrule: one layer on the digits of scikit-learn, and the files it leaves behind.

    python examples/own_net.py

writes history.csv, with names of its author's choice, and net.npz, with the weights and the gradients at the end.
"""

import csv

import numpy as np
from sklearn.datasets import load_digits

RATE, EPOCHS, BATCH, L2 = 0.5, 30, 50, 0.0005

X, y = load_digits(return_X_y=True)
X, Y = X / 16, np.eye(10)[y]
X_train, Y_train, X_val, Y_val = X[:1400], Y[:1400], X[1400:], Y[1400:]
rng = np.random.default_rng(0)
W, b = rng.normal(0, 0.01, (64, 10)), np.zeros(10)


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


if __name__ == "__main__":
    rows = []
    for epoch in range(EPOCHS + 1):
        measured = [cost(X_train, Y_train, W, b, L2), cost(X_val, Y_val, W, b, L2)]
        measured += [accuracy(X_train, Y_train, W, b), accuracy(X_val, Y_val, W, b)]
        rows.append([epoch, *(round(float(value), 4) for value in measured)])
        for start in range(0, len(X_train), BATCH):
            rows_now = slice(start, start + BATCH)
            dW, db = gradient(X_train[rows_now], Y_train[rows_now], W, b, L2)
            W, b = W - RATE * dW, b - RATE * db
    with open("history.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["varv", "kostnad", "kostnad_val", "acc_train", "acc_val"])
        writer.writerows(rows)
    dW, db = gradient(X_train, Y_train, W, b, L2)
    np.savez("net.npz", W=W, b=b, dW=dW, db=db)
    print("accuracy on validation:", rows[-1][-1])
