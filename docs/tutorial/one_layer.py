"""2. One layer: a neuron for each class

With K classes there are K neurons, side by side: W has a column for each, and the scores of a sample are s = x W + b,
of length K. Softmax makes probabilities of them, and the loss is the surprise at the right class y:

    p_k = exp(s_k) / sum_j exp(s_j),    l = -log p_y = log(sum_j exp(s_j)) - s_y.

The second form is easy to derive. The first term gives exp(s_k) / sum_j exp(s_j) = p_k, the second -1 for k = y and
nothing else. With Y, which has a 1 in the column of the right class and 0 elsewhere ("one-hot"),

    dl/ds_k = p_k - Y_k.

It is the neuron's p - y again. G holds it for every sample, divided by N as the cost is a mean. Each W_dk weighs x_d
in the score of class k, in every sample; each b_k stands in that score alone:

    dJ/dW_dk = sum_n x_nd G_nk,  so dW = X^T G;    dJ/db_k = sum_n G_nk.

Shapes are the quickest test of such a line: dW must have W's shape (D, K), and X^T G is (D, N) times (N, K).
"""

import numpy as np


def softmax(X, W, b):
    s = X @ W + b
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cost(X, Y, W, b):
    P = softmax(X, W, b)
    return -np.sum(Y * np.log(P)) / len(X)


def gradient(X, Y, W, b):
    G = (softmax(X, W, b) - Y) / len(X)
    return X.T @ G, G.sum(axis=0)
