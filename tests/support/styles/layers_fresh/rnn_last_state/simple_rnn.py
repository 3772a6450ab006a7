import numpy as np


class SimpleRNN:
    """h[t+1] = lrelu(x[t] U + h[t] V + b), only the last h is handed on.

    self.p holds parameters, self.g gradients with the same names.
    """

    def __init__(self, n_in, n_hid, seed=0):
        rs = np.random.RandomState(seed)
        self.p = dict(U=0.4 * rs.randn(n_in, n_hid), V=np.eye(n_hid) + 0.1 * rs.randn(n_hid, n_hid), b=np.zeros(n_hid))
        self.g = {k: np.zeros_like(v) for k, v in self.p.items()}

    def forward(self, x, h0=None):
        T, N, _ = x.shape
        H = self.p["b"].size
        self.x = x
        self.h = np.zeros((T + 1, N, H))
        if h0 is not None:
            self.h[0] = h0
        for t in range(T):
            pre = x[t] @ self.p["U"] + self.h[t] @ self.p["V"] + self.p["b"]
            self.h[t + 1] = np.maximum(pre, 0.1 * pre)
        return self.h[T]

    def backward(self, dlast):
        T = self.x.shape[0]
        for k in self.g:
            self.g[k][...] = 0
        dx = np.empty_like(self.x)
        dh = dlast
        for t in reversed(range(T)):
            dpre = np.where(self.h[t + 1] > 0, dh, 0.1 * dh)
            self.g["U"] += self.x[t].T @ dpre
            self.g["V"] += self.h[t].T @ dpre
            self.g["b"] += dpre.sum(0)
            dx[t] = dpre @ self.p["U"].T
            dh = dpre @ self.p["V"].T
        return dx, dh
