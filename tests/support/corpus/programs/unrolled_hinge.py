"""Three layers written out, rows, one-hot rows, W (in, out), hinge loss; everything in one function each."""

import numpy as np


def compute_loss(W1, b1, W2, b2, W3, b3, X, Y, reg):
    h1 = np.maximum(X @ W1 + b1, 0)
    h2 = np.maximum(h1 @ W2 + b2, 0)
    scores = h2 @ W3 + b3
    correct = np.sum(scores * Y, axis=1, keepdims=True)
    margin = np.maximum(scores - correct + 1, 0)
    margin = margin * (1 - Y)
    loss = np.mean(np.sum(margin, axis=1))
    loss += reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))
    return loss


def compute_grads(W1, b1, W2, b2, W3, b3, X, Y, reg):
    N = X.shape[0]
    h1 = np.maximum(X @ W1 + b1, 0)
    h2 = np.maximum(h1 @ W2 + b2, 0)
    scores = h2 @ W3 + b3
    correct = np.sum(scores * Y, axis=1, keepdims=True)
    margin = np.maximum(scores - correct + 1, 0)

    ind = (margin > 0) * (1 - Y)
    dscores = (ind - Y * np.sum(ind, axis=1, keepdims=True)) / N
    dW3 = h2.T @ dscores + 2 * reg * W3
    db3 = np.sum(dscores, axis=0, keepdims=True)
    dh2 = dscores @ W3.T
    ds2 = dh2 * (h2 > 0)
    dW2 = h1.T @ ds2 + 2 * reg * W2
    db2 = np.sum(ds2, axis=0, keepdims=True)
    dh1 = ds2 @ W2.T
    ds1 = dh1 * (h1 > 0)
    dW1 = X.T @ ds1 + 2 * reg * W1
    db1 = np.sum(ds1, axis=0, keepdims=True)
    return dW1, db1, dW2, db2, dW3, db3


def build(net):
    parameters = []
    for W, b in zip(net.W, net.b):
        parameters += [W.T.copy(), b[None, :]]
    return {
        "cost": compute_loss,
        "gradient": compute_grads,
        "parameters": tuple(parameters),
        "data": (net.X, net.Y, net.shape.l2),
    }
