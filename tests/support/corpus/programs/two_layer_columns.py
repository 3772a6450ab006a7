"""Two layers, columns, one-hot: W1, W2, b1, b2 one argument each, the gradients returned biases first."""

import numpy as np


def softmax(s):
    return np.exp(s) / np.sum(np.exp(s), axis=0)


def forward_pass(X, W1, b1, W2, b2):
    s1 = np.dot(W1, X) + b1
    h = np.maximum(s1, 0)
    s2 = np.dot(W2, h) + b2
    p = softmax(s2)
    return s1, h, p


def compute_cost(X, Y, W1, W2, b1, b2, lamb):
    N = X.shape[1]
    s1, h, p = forward_pass(X, W1, b1, W2, b2)
    loss = 0
    for i in range(N):
        loss += -np.log(np.dot(Y[:, i], p[:, i]))
    J = loss / N + lamb * (np.sum(W1**2) + np.sum(W2**2))
    return J


def compute_gradients(X, Y, W1, W2, b1, b2, lamb):
    N = X.shape[1]
    s1, h, p = forward_pass(X, W1, b1, W2, b2)

    g = -(Y - p)
    grad_b2 = np.sum(g, axis=1).reshape(-1, 1) / N
    grad_W2 = np.dot(g, h.T) / N

    g = np.dot(W2.T, g)
    g = g * (h > 0)
    grad_b1 = np.sum(g, axis=1).reshape(-1, 1) / N
    grad_W1 = np.dot(g, X.T) / N

    grad_W1 += 2 * lamb * W1
    grad_W2 += 2 * lamb * W2
    return grad_b1, grad_b2, grad_W1, grad_W2


def numeric_gradients(X, Y, W1, W2, b1, b2, lamb, h=1e-6):
    grads = []
    for theta in (W1, W2, b1, b2):
        grad = np.zeros_like(theta)
        for index in np.ndindex(theta.shape):
            old = theta[index]
            theta[index] = old + h
            c2 = compute_cost(X, Y, W1, W2, b1, b2, lamb)
            theta[index] = old - h
            c1 = compute_cost(X, Y, W1, W2, b1, b2, lamb)
            theta[index] = old
            grad[index] = (c2 - c1) / (2 * h)
        grads.append(grad)
    return grads


def sgd_step(parameters, gradients, eta):
    W1, W2, b1, b2 = parameters
    grad_W1, grad_W2, grad_b1, grad_b2 = gradients
    W1 = W1 - eta * grad_W1
    W2 = W2 - eta * grad_W2
    b1 = b1 - eta * grad_b1
    b2 = b2 - eta * grad_b2
    return W1, W2, b1, b2


def build(net):
    W1, W2 = net.W
    b1, b2 = (b.reshape(-1, 1) for b in net.b)
    return {
        "cost": compute_cost,
        "gradient": compute_gradients,
        "parameters": (W1, W2, b1, b2),
        "data": (net.X.T, net.Y.T, net.shape.l2),
        "update": sgd_step,
        "numeric": numeric_gradients,
    }
