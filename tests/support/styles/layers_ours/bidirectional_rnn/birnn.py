import numpy as np


class BiRNN:
    """Two tanh RNNs over x (T, N, D), one from each end; the output is (T, N, 2H)."""

    def __init__(self, D, H, rng=np.random):
        self.H = H
        self.params = {}
        for way in ("fw", "bw"):
            self.params["Wx_" + way] = rng.randn(D, H) / np.sqrt(D)
            self.params["Wh_" + way] = rng.randn(H, H) / np.sqrt(H)
            self.params["b_" + way] = np.zeros(H)
        self.grads = {}

    def _steps(self, way, T):
        return range(T) if way == "fw" else range(T - 1, -1, -1)

    def forward(self, x):
        T, N, _ = x.shape
        self.x = x
        self.h = {}
        for way in ("fw", "bw"):
            Wx, Wh, b = (self.params[k + way] for k in ("Wx_", "Wh_", "b_"))
            hs = np.zeros((T, N, self.H))
            h = np.zeros((N, self.H))
            for t in self._steps(way, T):
                h = np.tanh(x[t] @ Wx + h @ Wh + b)
                hs[t] = h
            self.h[way] = hs
        return np.concatenate([self.h["fw"], self.h["bw"]], axis=2)

    def backward(self, dout):
        x, H = self.x, self.H
        T, N, _ = x.shape
        dx = np.zeros_like(x)
        self.grads = {k: np.zeros_like(v) for k, v in self.params.items()}
        for way, dhs in (("fw", dout[:, :, :H]), ("bw", dout[:, :, H:])):
            Wx, Wh = self.params["Wx_" + way], self.params["Wh_" + way]
            hs = self.h[way]
            carry = np.zeros((N, H))
            back = -1 if way == "fw" else 1   # where the previous state lies
            for t in reversed(self._steps(way, T)):
                da = (dhs[t] + carry) * (1 - hs[t] ** 2)
                p = t + back
                if 0 <= p < T:
                    self.grads["Wh_" + way] += hs[p].T @ da
                self.grads["Wx_" + way] += x[t].T @ da
                self.grads["b_" + way] += da.sum(axis=0)
                dx[t] += da @ Wx.T
                carry = da @ Wh.T
        return dx
