"""Two layers, softmax with cross-entropy and l2; a numeric check on copies, and an update."""

import numpy as np


def forward(W1, b1, W2, b2, X):
    s = X @ W1 + b1
    h = np.maximum(s, 0)
    scores = h @ W2 + b2
    P = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    return s, h, P


def cost(W1, b1, W2, b2, X, Y, l2):
    P = forward(W1, b1, W2, b2, X)[-1]
    loss = -np.mean(np.log(np.sum(Y * P, axis=1)))
    penalty = l2 * (np.sum(W1**2) + np.sum(W2**2))
    return loss + penalty


def gradient(W1, b1, W2, b2, X, Y, l2):
    N = len(X)
    s, h, P = forward(W1, b1, W2, b2, X)  # noqa: RUF059
    G = (P - Y) / N
    grad_W2 = h.T @ G + 2 * l2 * W2
    grad_b2 = np.sum(G, axis=0)
    G = (G @ W2.T) * (h > 0)
    grad_W1 = X.T @ G
    grad_W1 += 2 * l2 * W1
    grad_b1 = np.sum(G, axis=0)
    return {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}


def numeric_gradient(W1, b1, W2, b2, X, Y, l2, step=1e-6):
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    gradients = {}
    for name, value in parameters.items():
        gradients[name] = np.zeros_like(value)
        for i in np.ndindex(value.shape):
            above, below = value.copy(), value.copy()
            above[i] += step
            below[i] -= step
            upper = cost(**{**parameters, name: above}, X=X, Y=Y, l2=l2)
            lower = cost(**{**parameters, name: below}, X=X, Y=Y, l2=l2)
            gradients[name][i] = (upper - lower) / (2 * step)
    return gradients


def update(parameters, gradients, rate):
    new = dict(parameters)
    for name in ("W1", "b1", "W2", "b2"):
        new[name] = parameters[name] - rate * gradients[name]
    return new


def chainrule_check(rng):
    # As many hidden units as classes, so that W2 fits in a wrong orientation too.
    shapes = {"W1": (6, 4), "b1": (4,), "W2": (4, 4), "b2": (4,)}
    parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    data = (rng.normal(size=(9, 6)), np.eye(4)[rng.integers(4, size=9)], 0.1)
    return {
        "cost": cost,
        "gradient": gradient,
        "parameters": parameters,
        "data": data,
        "update": update,
        "numeric": numeric_gradient,
    }
