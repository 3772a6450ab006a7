"""A derivative that is missing

The error goes back behind ReLU, and is used in front of it. What is missing is made of what the function has at hand.
"""

import numpy as np


def forward(X, W1, b1, W2, b2):
    hidden = np.maximum(0, X @ W1 + b1)
    return hidden, hidden @ W2 + b2


def compute_cost(X, Y, W1, b1, W2, b2):
    _, outputs = forward(X, W1, b1, W2, b2)
    return 0.5 * np.sum((outputs - Y) ** 2) / len(X)


def compute_gradients(X, Y, W1, b1, W2, b2):
    hidden, outputs = forward(X, W1, b1, W2, b2)
    error = (outputs - Y) / len(X)
    error_hidden = error @ W2.T
    return X.T @ error_hidden, error_hidden.sum(axis=0), hidden.T @ error, error.sum(axis=0)
