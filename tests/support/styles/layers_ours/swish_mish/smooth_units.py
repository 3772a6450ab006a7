import numpy as np


def _sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class Swish:
    """y = x * sigmoid(beta * x) with one beta per feature (last axis)."""

    def __init__(self, n_features):
        self.beta = np.ones(n_features)
        self.dbeta = np.zeros(n_features)

    def forward(self, x):
        self.x = x
        self.s = _sigmoid(self.beta * x)
        return x * self.s

    def backward(self, grad):
        x, s = self.x, self.s
        ds = s * (1 - s)
        self.dbeta = np.sum(grad * x * x * ds, axis=0)
        return grad * (s + self.beta * x * ds)


class Mish:
    """y = x * tanh(softplus(x))"""

    def forward(self, x):
        self.x = x
        self.sp = np.log1p(np.exp(x))
        self.t = np.tanh(self.sp)
        return x * self.t

    def backward(self, grad):
        dt = 1 - self.t ** 2
        dsp = _sigmoid(self.x)
        return grad * (self.t + self.x * dt * dsp)
