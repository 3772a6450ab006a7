import numpy as np


class FlerhuvadUppmarksamhet:
    """Självuppmärksamhet med flera huvuden, indata (N, T, D)."""

    def __init__(self, D, huvuden, frö=0):
        slump = np.random.default_rng(frö)
        self.huvuden = huvuden
        self.Wqkv = slump.normal(0, 0.3, (D, 3 * D))
        self.Wo = slump.normal(0, 0.3, (D, D))

    def dela(self, a):
        N, T, D = a.shape
        return a.reshape(N, T, self.huvuden, D // self.huvuden).transpose(0, 2, 1, 3)

    def slå_ihop(self, a):
        N, h, T, d = a.shape
        return a.transpose(0, 2, 1, 3).reshape(N, T, h * d)

    def fram(self, x):
        q, k, v = (self.dela(a) for a in np.split(x @ self.Wqkv, 3, axis=-1))
        poäng = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        vikter = np.exp(poäng - poäng.max(-1, keepdims=True))
        vikter /= vikter.sum(-1, keepdims=True)
        samlat = self.slå_ihop(vikter @ v)
        self.minne = x, q, k, v, vikter, samlat
        return samlat @ self.Wo

    def bak(self, dut):
        x, q, k, v, vikter, samlat = self.minne
        D = x.shape[-1]
        self.dWo = samlat.reshape(-1, D).T @ dut.reshape(-1, D)
        dsamlat = self.dela(dut @ self.Wo.T)
        dv = vikter.swapaxes(-1, -2) @ dsamlat
        dvikter = dsamlat @ v.swapaxes(-1, -2)
        # softmax bakåt
        dpoäng = vikter * (dvikter - np.sum(dvikter * vikter, axis=-1, keepdims=True))
        dpoäng /= np.sqrt(q.shape[-1])
        dq = dpoäng @ k
        dk = dpoäng.swapaxes(-1, -2) @ q
        dqkv = np.concatenate([self.slå_ihop(a) for a in (dq, dk, dv)], axis=-1)
        self.dWqkv = x.reshape(-1, D).T @ dqkv.reshape(-1, 3 * D)
        return dqkv @ self.Wqkv.T
