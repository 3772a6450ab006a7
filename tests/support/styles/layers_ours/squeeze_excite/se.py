"""Squeeze and excite: channels gated by their own means; residual around it."""
import numpy as np


class SEBlock:
    def __init__(self, channels, reduced):
        g = np.random.default_rng(4)
        self.W1 = g.normal(size=(channels, reduced)) * 0.5
        self.W2 = g.normal(size=(reduced, channels)) * 0.5

    def forward(self, x):
        self.x = x
        self.sq = x.mean(axis=(2, 3))
        self.a = self.sq @ self.W1
        self.r = np.maximum(self.a, 0)
        self.gate = 1 / (1 + np.exp(-(self.r @ self.W2)))
        return x + x * self.gate[:, :, None, None]

    def backward(self, grad):
        n, c, h, w = grad.shape
        dgate = (grad * self.x).sum(axis=(2, 3))
        du = dgate * self.gate * (1 - self.gate)
        self.dW2 = self.r.T @ du
        dr = du @ self.W2.T
        da = dr * (self.a > 0)
        self.dW1 = self.sq.T @ da
        dsq = da @ self.W1.T
        dx = grad * (1 + self.gate[:, :, None, None])
        dx += dsq[:, :, None, None] / (h * w)
        return dx
