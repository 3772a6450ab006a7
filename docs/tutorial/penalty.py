"""3. Large weights cost: the penalty

A net that fits its training samples too well has large weights. So a penalty is added to the cost, l2 times the sum
of the squares of all weights (of the weights alone, not of the biases):

    J = (1/N) sum_n l_n + l2 sum_dk W_dk^2.

A sum has the sum of the derivatives, and W_dk stands in one square: its derivative is 2 l2 W_dk. The 2 is the one
that is forgotten most often (`regulariser-half`). It cannot be seen while l2 is 0, which is why a check with l2 = 0
alone proves little: chainrule finds the argument and tries it with and without.
"""

import numpy as np


def softmax(X, W, b):
    s = X @ W + b
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cost(X, Y, W, b, l2):
    P = softmax(X, W, b)
    return -np.sum(Y * np.log(P)) / len(X) + l2 * np.sum(W**2)


def gradient(X, Y, W, b, l2):
    G = (softmax(X, W, b) - Y) / len(X)
    return X.T @ G + 2 * l2 * W, G.sum(axis=0)
