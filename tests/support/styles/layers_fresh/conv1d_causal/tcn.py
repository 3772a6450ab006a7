import numpy as np


class CausalConv1d:
    """tanh(conv1d(x)), the output at t sees x[t], x[t - d], x[t - 2d], ..."""

    def __init__(self, c_in, c_out, width, dilation=1, seed=None):
        rng = np.random.default_rng(seed)
        self.width = width
        self.dilation = dilation
        self.params = {
            "W": rng.normal(0, 1 / np.sqrt(width * c_in), size=(width, c_in, c_out)),
            "b": np.zeros(c_out),
        }
        self.grads = {}

    def forward(self, x):
        N, T, _ = x.shape
        W, b = self.params["W"], self.params["b"]
        left = (self.width - 1) * self.dilation
        xp = np.concatenate([np.zeros((N, left, x.shape[2])), x], axis=1)
        z = np.tile(b, (N, T, 1))
        for k in range(self.width):
            start = k * self.dilation
            z = z + xp[:, start:start + T] @ W[k]
        y = np.tanh(z)
        self.cache = xp, y, left
        return y

    def backward(self, dy):
        xp, y, left = self.cache
        T = dy.shape[1]
        W = self.params["W"]
        dz = dy * (1 - y * y)
        dW = np.zeros_like(W)
        dxp = np.zeros_like(xp)
        for k in range(self.width):
            start = k * self.dilation
            dW[k] = np.einsum("ntc,ntf->cf", xp[:, start:start + T], dz)
            dxp[:, start:start + T] += dz @ W[k].T
        self.grads["W"] = dW
        self.grads["b"] = dz.sum(axis=(0, 1))
        return dxp[:, left:]
