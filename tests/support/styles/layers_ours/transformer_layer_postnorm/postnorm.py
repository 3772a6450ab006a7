import numpy as np


class Norm:
    def __init__(self, w, dw, g, b):
        self.w, self.dw, self.g, self.b = w, dw, g, b

    def forward(self, x):
        centred = x - x.mean(axis=1, keepdims=True)
        self.std = np.sqrt((centred ** 2).mean(axis=1, keepdims=True) + 1e-6)
        self.n = centred / self.std
        return self.w[self.g] * self.n + self.w[self.b]

    def backward(self, d):
        self.dw[self.g] = np.sum(d * self.n, axis=0)
        self.dw[self.b] = np.sum(d, axis=0)
        C = d.shape[1]
        dn = d * self.w[self.g]
        s1 = dn.sum(axis=1, keepdims=True)
        s2 = (dn * self.n).sum(axis=1, keepdims=True)
        return (C * dn - s1 - self.n * s2) / (C * self.std)


class PostNormLayer:
    """y = norm(x + attention(x));  out = norm(y + ffn(y)), x is (T, C)."""

    def __init__(self, C, F):
        rng = np.random.default_rng(7)
        self.w = {"Q": rng.normal(size=(C, C)), "K": rng.normal(size=(C, C)), "V": rng.normal(size=(C, C)),
                  "W1": rng.normal(size=(C, F)), "f1": np.zeros(F), "W2": rng.normal(size=(F, C)), "f2": np.zeros(C),
                  "ga": np.ones(C), "ba": np.zeros(C), "gf": np.ones(C), "bf": np.zeros(C)}
        self.dw = {}
        self.norm_a = Norm(self.w, self.dw, "ga", "ba")
        self.norm_f = Norm(self.w, self.dw, "gf", "bf")

    def forward(self, x):
        w = self.w
        self.x = x
        self.q, self.k, self.v = x @ w["Q"], x @ w["K"], x @ w["V"]
        s = self.q @ self.k.T / np.sqrt(x.shape[1])
        e = np.exp(s - s.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        self.y = self.norm_a.forward(x + self.p @ self.v)

        self.h = np.maximum(0, self.y @ w["W1"] + w["f1"])
        return self.norm_f.forward(self.y + self.h @ w["W2"] + w["f2"])

    def backward(self, dout):
        w, dw = self.w, self.dw
        d = self.norm_f.backward(dout)
        dw["W2"] = self.h.T @ d
        dw["f2"] = d.sum(axis=0)
        dh = d @ w["W2"].T
        dh[self.h <= 0] = 0
        dw["W1"] = self.y.T @ dh
        dw["f1"] = dh.sum(axis=0)
        dy = d + dh @ w["W1"].T

        d = self.norm_a.backward(dy)
        dv = self.p.T @ d
        dp = d @ self.v.T
        ds = self.p * (dp - (dp * self.p).sum(axis=1, keepdims=True))
        ds /= np.sqrt(d.shape[1])
        dq = ds @ self.k
        dk = ds.T @ self.q
        dw["Q"], dw["K"], dw["V"] = self.x.T @ dq, self.x.T @ dk, self.x.T @ dv
        return d + dq @ w["Q"].T + dk @ w["K"].T + dv @ w["V"].T
