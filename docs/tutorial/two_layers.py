"""4. Two layers: the error is handed on

One layer draws straight lines between classes. With a hidden layer in front, whose scores go through ReLU, h = max(0,
s), lines may bend:

    h = max(0, x W1 + b1),    s = h W2 + b2,    P = softmax(s).

The last layer is the one of before, with h in the place of x: dW2 = h^T G and db2 = sum_n G_n. New is the way back to
the first layer. h_nj stands in every score of its sample, weighed by W2_jk, so what reaches it is the sum over them:

    dJ/dh_nj = sum_k G_nk W2_jk,  in matrices G W2^T.

ReLU lets through what was positive and nothing else: its derivative is 1 where h > 0, and 0 elsewhere. What is left
is the error of the first layer's scores, and from there on everything is as in the last layer, with x in the place of
h. This is backpropagation: each layer takes the error of its scores, makes of it the gradients of its own W and b,
and hands on what its inputs are to blame for.
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
    G = (G @ W2.T) * (h > 0)
    dW1 = X.T @ G + 2 * l2 * W1
    db1 = G.sum(axis=0)
    return dW1, db1, dW2, db2
