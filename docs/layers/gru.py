"""GRU

The state before the step is used in four places: in both gates, below the reset gate, and where the update gate mixes
it with the new one. One of these is forgotten (`path-left-out`), or what passes the reset gate is not multiplied by it
(`wrong-value`).
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class GRUCell:
    def __init__(self, n_in, n_h):
        self.Wz, self.Uz = np.random.randn(n_in, n_h), np.random.randn(n_h, n_h)
        self.Wr, self.Ur = np.random.randn(n_in, n_h), np.random.randn(n_h, n_h)
        self.Wh, self.Uh = np.random.randn(n_in, n_h), np.random.randn(n_h, n_h)

    def forward(self, x, h):
        z = sigmoid(x @ self.Wz + h @ self.Uz)
        r = sigmoid(x @ self.Wr + h @ self.Ur)
        hh = np.tanh(x @ self.Wh + (r * h) @ self.Uh)
        self.cache = x, h, z, r, hh
        return (1 - z) * h + z * hh

    def backward(self, dout):
        x, h, z, r, hh = self.cache
        dhh = dout * z * (1 - hh**2)
        drh = dhh @ self.Uh.T
        dz = dout * (hh - h) * z * (1 - z)
        dr = drh * h * r * (1 - r)
        self.dWz, self.dUz = x.T @ dz, h.T @ dz
        self.dWr, self.dUr = x.T @ dr, h.T @ dr
        self.dWh, self.dUh = x.T @ dhh, (r * h).T @ dhh
        dx = dz @ self.Wz.T + dr @ self.Wr.T + dhh @ self.Wh.T
        dh = dout * (1 - z) + drh * r + dr @ self.Ur.T
        return dx, dh
