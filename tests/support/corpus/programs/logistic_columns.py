"""Two layers, columns, one sigmoid output with binary cross-entropy, sigmoid between: a dictionary and a cache."""

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def forward_propagation(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = sigmoid(Z1)
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, (Z1, A1, Z2)


def compute_cost(parameters, X, Y, lambd):
    m = Y.shape[1]
    A2, _ = forward_propagation(X, parameters)
    logprobs = Y * np.log(A2) + (1 - Y) * np.log(1 - A2)
    penalty = lambd * (np.sum(np.square(parameters["W1"])) + np.sum(np.square(parameters["W2"])))
    return -np.sum(logprobs) / m + penalty


def backward_propagation(parameters, X, Y, lambd):
    m = Y.shape[1]
    A2, (Z1, A1, Z2) = forward_propagation(X, parameters)
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m + 2 * lambd * parameters["W2"]
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dA1 = np.dot(parameters["W2"].T, dZ2)
    dZ1 = dA1 * A1 * (1 - A1)
    dW1 = np.dot(dZ1, X.T) / m + 2 * lambd * parameters["W1"]
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def build(net):
    # The second class's score against 0.
    W1, W2 = net.W[0], net.W[1][1:]
    b1, b2 = net.b[0][:, None], net.b[1][1:, None]
    return {
        "cost": compute_cost,
        "gradient": backward_propagation,
        "parameters": {"W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "data": (net.X.T, net.y[None, :], net.shape.l2),
    }
