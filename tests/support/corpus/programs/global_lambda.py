"""Columns, a flat list [W1, b1, W2, b2, ...], lambda a global, the gradients returned last layer first."""

import numpy as np

LAMBDA = 0.0


def softmax(s):
    e = np.exp(s)
    return e / np.dot(np.ones((1, s.shape[0])), e)


def forward(params, X):
    activations = [X]
    for l in range(0, len(params), 2):
        s = np.dot(params[l], activations[-1]) + params[l + 1]
        if l < len(params) - 2:
            s[s < 0] = 0
        activations.append(s)
    return activations, softmax(s)


def J(params, X, Y):
    _, P = forward(params, X)
    total = 0
    for i in range(X.shape[1]):
        total += -np.log(Y[:, i].T @ P[:, i])
    total = total / X.shape[1]
    for l in range(0, len(params), 2):
        total += LAMBDA * np.sum(params[l] ** 2)
    return total


def backprop(params, X, Y):
    N = X.shape[1]
    activations, P = forward(params, X)
    grads = []
    g = (P - Y).T
    for l in range(len(params) - 2, -1, -2):
        h = activations[l // 2]
        dW = np.zeros(params[l].shape)
        db = np.zeros(params[l + 1].shape)
        for i in range(N):
            gi = g[i : i + 1]
            dW += gi.T @ h[:, i : i + 1].T
            db += gi.T
        dW = dW / N + 2 * LAMBDA * params[l]
        db = db / N
        grads.append(dW)
        grads.append(db)
        g = g @ params[l]
        g = g * np.where(h > 0, 1, 0).T
    return grads


def build(net):
    global LAMBDA
    LAMBDA = net.shape.l2
    params = []
    for W, b in zip(net.W, net.b):
        params += [W, b.reshape(-1, 1)]
    return {
        "cost": J,
        "gradient": backprop,
        "parameters": params,
        "data": (net.X.T, net.Y.T),
    }
