import numpy as np


class ResidualBlock:
    """
    y = shortcut(x) + W2 relu(W1 LN(x) + b1) + b2

    The shortcut is the identity, or a projection if d_out differs from d_in.
    """

    def __init__(self, d_in, d_hidden, d_out, rng):
        self.p = {
            "W1": rng.standard_normal((d_in, d_hidden)) / np.sqrt(d_in),
            "b1": np.zeros(d_hidden),
            "W2": rng.standard_normal((d_hidden, d_out)) / np.sqrt(d_hidden),
            "b2": np.zeros(d_out),
        }
        if d_in != d_out:
            self.p["Ws"] = rng.standard_normal((d_in, d_out)) / np.sqrt(d_in)
        self.g = {}

    def forward(self, x):
        p = self.p
        mu = x.mean(-1, keepdims=True)
        self.sd = np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        self.x, self.n = x, (x - mu) / self.sd
        self.a = self.n @ p["W1"] + p["b1"]
        self.h = np.maximum(self.a, 0.0)
        branch = self.h @ p["W2"] + p["b2"]
        short = x @ p["Ws"] if "Ws" in p else x
        return short + branch

    def backward(self, dy):
        p, g = self.p, self.g
        # branch
        g["W2"] = self.h.T @ dy
        g["b2"] = dy.sum(0)
        da = (dy @ p["W2"].T) * (self.a > 0)
        g["W1"] = self.n.T @ da
        g["b1"] = da.sum(0)
        dn = da @ p["W1"].T
        dx = (dn - dn.mean(-1, keepdims=True)
              - self.n * (dn * self.n).mean(-1, keepdims=True)) / self.sd
        # shortcut
        if "Ws" in p:
            g["Ws"] = self.x.T @ dy
            dx = dx + dy @ p["Ws"].T
        else:
            dx = dx + dy
        return dx
