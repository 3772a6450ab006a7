"""Softmax classifier: a sample is a column of X, Y is one-hot, W and b are arguments of their own."""

import numpy as np


def softmax(s):
    e = np.exp(s - np.max(s, axis=0))
    return e / np.sum(e, axis=0)


def evaluate_classifier(X, W, b):
    s = W @ X + b
    P = softmax(s)
    return P


def compute_cost(X, Y, W, b, lamda):
    P = evaluate_classifier(X, W, b)
    n = X.shape[1]
    cross_entropy = -np.sum(Y * np.log(P)) / n
    penalty = lamda * np.sum(W**2)
    return cross_entropy + penalty


def compute_gradients(X, Y, W, b, lamda):
    n = X.shape[1]
    P = evaluate_classifier(X, W, b)
    G = P - Y
    grad_W = G @ X.T / n
    grad_W = grad_W + 2 * lamda * W
    grad_b = np.sum(G, axis=1, keepdims=True) / n
    return grad_W, grad_b


def compute_grads_num_slow(X, Y, W, b, lamda, h=1e-6):
    grad_W = np.zeros(W.shape)
    grad_b = np.zeros(b.shape)

    for i in range(b.size):
        b_try = np.copy(b)
        b_try[i] -= h
        c1 = compute_cost(X, Y, W, b_try, lamda)
        b_try = np.copy(b)
        b_try[i] += h
        c2 = compute_cost(X, Y, W, b_try, lamda)
        grad_b[i] = (c2 - c1) / (2 * h)

    for i in np.ndindex(W.shape):
        W_try = np.copy(W)
        W_try[i] -= h
        c1 = compute_cost(X, Y, W_try, b, lamda)
        W_try = np.copy(W)
        W_try[i] += h
        c2 = compute_cost(X, Y, W_try, b, lamda)
        grad_W[i] = (c2 - c1) / (2 * h)

    return grad_W, grad_b


def update(parameters, gradients, eta):
    W = parameters["W"] - eta * gradients["W"]
    b = parameters["b"] - eta * gradients["b"]
    return {"W": W, "b": b}


def build(net):
    return {
        "cost": compute_cost,
        "gradient": compute_gradients,
        "parameters": {"W": net.W[0], "b": net.b[0][:, None]},
        "data": (net.X.T, net.Y.T, net.shape.l2),
        "update": update,
        "numeric": compute_grads_num_slow,
    }
