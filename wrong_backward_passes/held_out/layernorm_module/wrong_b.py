import numpy as np


class LayerNorm:
    def __init__(self, dim, eps=1e-5):
        self.scale = np.ones(dim)
        self.shift = np.zeros(dim)
        self.eps = eps

    def __call__(self, x):
        mu = x.mean(-1, keepdims=True)
        var = x.var(-1, keepdims=True)
        self.rstd = 1 / np.sqrt(var + self.eps)
        self.norm = (x - mu) * self.rstd
        return self.norm * self.scale + self.shift

    def backward(self, g):
        batch_axes = tuple(range(g.ndim - 1))
        self.d_scale = (g * self.norm).sum(axis=batch_axes)
        self.d_shift = g.sum(axis=batch_axes)
        gn = g * self.scale
        mean_gn = g.mean(-1, keepdims=True)
        mean_gn_norm = (gn * self.norm).mean(-1, keepdims=True)
        return self.rstd * (gn - mean_gn - self.norm * mean_gn_norm)
