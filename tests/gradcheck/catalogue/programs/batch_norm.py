"""Two layers with batch norm between them, softmax with cross-entropy of integer labels, l2; and an update."""

import numpy as np

running_mean, running_variance = 0.0, 1.0


def forward(W1, b1, gamma, beta, W2, b2, X, training):
    s = X @ W1 + b1
    if training:
        mean = np.mean(s, axis=0)
        variance = np.var(s, axis=0)
    else:
        mean, variance = running_mean, running_variance
    sigma = np.sqrt(variance + 1e-5)
    s_hat = (s - mean) / sigma
    h = np.maximum(gamma * s_hat + beta, 0)
    scores = h @ W2 + b2
    P = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    return s, sigma, s_hat, h, P


def cost(W1, b1, gamma, beta, W2, b2, X, y, l2):
    P = forward(W1, b1, gamma, beta, W2, b2, X, training=True)[-1]
    loss = -np.mean(np.log(P[np.arange(len(X)), y]))
    return loss + l2 * (np.sum(W1**2) + np.sum(W2**2))


def gradient(W1, b1, gamma, beta, W2, b2, X, y, l2):
    N = len(X)
    s, sigma, s_hat, h, P = forward(W1, b1, gamma, beta, W2, b2, X, training=True)  # noqa: RUF059
    G = P.copy()
    G[np.arange(N), y] -= 1
    G = G / N
    grad_W2 = h.T @ G + 2 * l2 * W2
    grad_b2 = np.sum(G, axis=0)
    G = (G @ W2.T) * (h > 0)
    grad_gamma = np.sum(G * s_hat, axis=0)
    grad_beta = np.sum(G, axis=0)
    G = G * gamma / sigma
    G = G - np.mean(G, axis=0) - s_hat * np.mean(G * s_hat, axis=0)
    grad_W1 = X.T @ G + 2 * l2 * W1
    grad_b1 = np.sum(G, axis=0)
    return grad_W1, grad_b1, grad_gamma, grad_beta, grad_W2, grad_b2


def update(parameters, gradients, rate):
    W1, b1, gamma, beta, W2, b2 = parameters
    grad_W1, grad_b1, grad_gamma, grad_beta, grad_W2, grad_b2 = gradients
    W1 = W1 - rate * grad_W1
    b1 = b1 - rate * grad_b1
    gamma = gamma - rate * grad_gamma
    beta = beta - rate * grad_beta
    W2 = W2 - rate * grad_W2
    b2 = b2 - rate * grad_b2
    return W1, b1, gamma, beta, W2, b2


def chainrule_check(rng):
    # As many hidden units as classes, so that W2 fits in a wrong orientation too.
    shapes = ((6, 4), (4,), (4,), (4,), (4, 4), (4,))
    parameters = tuple(rng.normal(size=shape) for shape in shapes)
    data = (rng.normal(size=(9, 6)), rng.integers(4, size=9), 0.1)
    return {"cost": cost, "gradient": gradient, "parameters": parameters, "data": data, "update": update}
