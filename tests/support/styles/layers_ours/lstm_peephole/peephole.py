import numpy as np


class PeepholeLSTM:
    """
    i = sig(a_i + p_i * c_prev), f = sig(a_f + p_f * c_prev), g = tanh(a_g)
    c = f * c_prev + i * g,      o = sig(a_o + p_o * c),      h = o * tanh(c)
    """

    def __init__(self, D, H, seed=None):
        r = np.random.default_rng(seed)
        self.W = r.normal(0, 0.1, (4, D, H))     # in the order i, f, g, o
        self.U = r.normal(0, 0.1, (4, H, H))
        self.b = np.zeros((4, H))
        self.pi = np.zeros(H)
        self.pf = np.zeros(H)
        self.po = np.zeros(H)

    @staticmethod
    def _sig(a):
        return 1 / (1 + np.exp(-a))

    def forward(self, X):
        N, T, D = X.shape
        H = self.pi.size
        h, c = np.zeros((N, H)), np.zeros((N, H))
        self._X, self._saved, out = X, [], np.zeros((N, T, H))
        for t in range(T):
            a = np.einsum("nd,kdh->knh", X[:, t], self.W) + np.einsum("nj,kjh->knh", h, self.U) + self.b[:, None]
            i = self._sig(a[0] + self.pi * c)
            f = self._sig(a[1] + self.pf * c)
            g = np.tanh(a[2])
            c_new = f * c + i * g
            o = self._sig(a[3] + self.po * c_new)
            th = np.tanh(c_new)
            self._saved.append((h, c, c_new, i, f, g, o, th))
            h, c = o * th, c_new
            out[:, t] = h
        return out

    def backward(self, dout):
        N, T, H = dout.shape
        for name in ("W", "U", "b", "pi", "pf", "po"):
            setattr(self, "d" + name, np.zeros_like(getattr(self, name)))
        dX = np.zeros_like(self._X)
        dh, dc = np.zeros((N, H)), np.zeros((N, H))
        for t in range(T - 1, -1, -1):
            h_prev, c_prev, c, i, f, g, o, th = self._saved[t]
            dh = dh + dout[:, t]
            da_o = dh * th * o * (1 - o)
            dc = dc + dh * o * (1 - th ** 2) + da_o * self.po
            da_i = dc * g * i * (1 - i)
            da_f = dc * c_prev * f * (1 - f)
            da_g = dc * i * (1 - g ** 2)

            self.dpo += (da_o * c).sum(0)
            self.dpi += (da_i * c_prev).sum(0)
            self.dpf += (da_f * c_prev).sum(0)
            da = np.stack([da_i, da_f, da_g, da_o])
            self.dW += np.einsum("nd,knh->kdh", self._X[:, t], da)
            self.dU += np.einsum("nj,knh->kjh", h_prev, da)
            self.db += da.sum(axis=1)

            dX[:, t] = np.einsum("knh,kdh->nd", da, self.W)
            dh = np.einsum("knh,kjh->nj", da, self.U)
            dc = dc * f + da_i * self.pi + da_f * self.pf
        return dX
