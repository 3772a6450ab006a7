"""7. A line that is wrong

Here is step 4 once more with one line changed: the error goes back through the weights, and the mask of ReLU is
forgotten. The net still learns, only worse, and there is no error message. The check names the line: dW2 and db2,
which stand above it, are right, dW1 and db1 below it are wrong, so the mistake lies between them.

Try others: leave out the 2 of the penalty, take the mean for the sum in db1, forget to divide by N. Each has a name,
and [bugs.md](bugs.md) explains it.
"""

import numpy as np


def forward(X, W1, b1, W2, b2):
    h = np.maximum(0, X @ W1 + b1)
    s = h @ W2 + b2
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return h, e / e.sum(axis=1, keepdims=True)


def cost(X, Y, W1, b1, W2, b2, l2):
    h, P = forward(X, W1, b1, W2, b2)
    return -np.sum(Y * np.log(P)) / len(X) + l2 * (np.sum(W1**2) + np.sum(W2**2))


def gradient(X, Y, W1, b1, W2, b2, l2):
    h, P = forward(X, W1, b1, W2, b2)
    G = (P - Y) / len(X)
    dW2 = h.T @ G + 2 * l2 * W2
    db2 = G.sum(axis=0)
    G = G @ W2.T
    dW1 = X.T @ G + 2 * l2 * W1
    db1 = G.sum(axis=0)
    return dW1, db1, dW2, db2
