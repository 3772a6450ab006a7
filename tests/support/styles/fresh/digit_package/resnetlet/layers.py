"""Layers. Each keeps what it needs from forward() for the next backward()."""
import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, n_out))
        self.b = np.zeros(n_out)
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dy):
        self.dW = self.x.T @ dy
        self.db = dy.sum(0)
        return dy @ self.W.T


class Residual:
    """y = x + relu(x W + b); keeps the width, so W is square."""

    def __init__(self, width, rng):
        self.W = rng.normal(0.0, 0.5 / np.sqrt(width), (width, width))
        self.b = np.zeros(width)
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        self.pre = x @ self.W + self.b
        return x + np.maximum(self.pre, 0.0)

    def backward(self, dy):
        dpre = np.where(self.pre > 0.0, dy, 0.0)
        self.dW = self.x.T @ dpre
        self.db = dpre.sum(0)
        return dy + dpre @ self.W.T
