"""Cells of a notebook that defines a cost and its gradient."""

COST = """\
import numpy as np
import chainrule


def compute_cost(X, Y, W, b, lam):
    s = W @ X + b
    P = np.exp(s) / np.exp(s).sum(axis=0)
    return -np.sum(Y * np.log(P)) / X.shape[1] + lam * np.sum(W**2)
"""

GRADIENT = """\
def compute_gradients(X, Y, W, b, lam):
    s = W @ X + b
    G = np.exp(s) / np.exp(s).sum(axis=0) - Y
    print("called")
    return G @ X.T / X.shape[1] + 2 * lam * W, G.sum(axis=1, keepdims=True) / X.shape[1]
"""

HALVED = GRADIENT.replace("2 * lam", "lam")
