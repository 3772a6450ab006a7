"""1. One neuron

A neuron takes the D numbers of a sample x, weighs each, adds a bias, and squashes the sum into a probability:

    s = sum_d x_d w_d + b,    p = 1 / (1 + exp(-s)).

The label y is 1 or 0, and the loss is the surprise at it, -log p where y = 1 and -log(1 - p) where y = 0. The cost is
the mean over the N samples, which are the rows of X.

To train it we need to know how the cost moves with each weight: the gradient. It takes the chain rule twice. First
the loss by s. As dp/ds = p (1 - p),

    y = 1:  d(-log p)/ds = -(1 - p),    y = 0:  d(-log(1 - p))/ds = p,

which in one line is p - y: how far the answer is off. Then s by its parts: ds/dw_d = x_d and ds/db = 1. Together,
with the mean over the samples,

    dJ/dw_d = (1/N) sum_n (p_n - y_n) x_nd,    dJ/db = (1/N) sum_n (p_n - y_n).

The first sum, over n for each d, is the product of X^T with the errors. This is all that the program below does. The
first line of what the command prints is the answer; the table compares each entry with the slope that is measured by
moving that parameter a little.
"""

import numpy as np


def probability(X, w, b):
    return 1 / (1 + np.exp(-(X @ w + b)))


def cost(X, y, w, b):
    p = probability(X, w, b)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradient(X, y, w, b):
    error = (probability(X, w, b) - y) / len(X)
    return X.T @ error, np.sum(error)
