import numpy as np


class RMSNorm:
    # y = g * x / rms(x),   rms(x) = sqrt(mean(x^2) + eps)
    def __init__(self, d, eps=1e-6):
        self.g = np.ones(d)
        self.dg = np.zeros(d)
        self.eps = eps

    def zero_grad(self):
        self.dg[...] = 0

    def forward(self, x):
        self.x = x
        self.r = np.sqrt((x ** 2).mean(-1, keepdims=True) + self.eps)
        return self.g * x / self.r

    def backward(self, dy):
        x, r = self.x, self.r
        d = x.shape[-1]
        self.dg += (dy * x / r).reshape(-1, d).sum(0)
        du = dy * self.g
        # d/dx of 1/r is -x / (d r^3)
        dot = (du * x).sum(-1, keepdims=True)
        return du / r - x * dot / (d * r ** 3)
