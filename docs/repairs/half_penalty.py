"""A factor that is missing

The cost has `l2 * np.sum(W**2)`, the gradient the derivative of half of that. What stands there stays, and two words
are put in front of it; the comment behind the line is left alone, like everything else.
"""

import numpy as np


def softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compute_cost(X, Y, W, b, l2):
    P = softmax(X @ W + b)
    return -np.mean(np.sum(Y * np.log(P), axis=1)) + l2 * np.sum(W**2)


def compute_gradients(X, Y, W, b, l2):
    G = (softmax(X @ W + b) - Y) / len(X)
    grad_W = X.T @ G + l2 * W  # data and penalty
    return grad_W, G.sum(axis=0)
