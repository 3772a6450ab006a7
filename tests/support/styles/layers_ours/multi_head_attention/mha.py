import numpy as np


class MultiHeadAttention:
    def __init__(self, d_model, n_heads):
        assert d_model % n_heads == 0
        self.h = n_heads
        self.dk = d_model // n_heads
        self.W = {n: np.random.randn(d_model, d_model) / np.sqrt(d_model) for n in "qkvo"}
        self.b = {n: np.zeros(d_model) for n in "qkvo"}
        self.dW, self.db = {}, {}

    def split(self, x):
        # (B, T, C) -> (B, h, T, dk)
        B, T, C = x.shape
        return x.reshape(B, T, self.h, self.dk).transpose(0, 2, 1, 3)

    def merge(self, x):
        # (B, h, T, dk) -> (B, T, C)
        B, h, T, dk = x.shape
        return x.transpose(0, 2, 1, 3).reshape(B, T, h * dk)

    def forward(self, x):
        self.x = x
        self.q = self.split(x @ self.W["q"] + self.b["q"])
        self.k = self.split(x @ self.W["k"] + self.b["k"])
        self.v = self.split(x @ self.W["v"] + self.b["v"])
        s = self.q @ self.k.swapaxes(-1, -2) / np.sqrt(self.dk)
        s = np.exp(s - s.max(-1, keepdims=True))
        self.a = s / s.sum(-1, keepdims=True)
        self.o = self.merge(self.a @ self.v)
        return self.o @ self.W["o"] + self.b["o"]

    def _linear_back(self, name, inp, dy):
        C = inp.shape[-1]
        self.dW[name] = inp.reshape(-1, C).T @ dy.reshape(-1, C)
        self.db[name] = dy.sum(axis=(0, 1))
        return dy @ self.W[name].T

    def backward(self, dy):
        do = self.split(self._linear_back("o", self.o, dy))
        da = do @ self.v.swapaxes(-1, -2)
        dv = self.a.swapaxes(-1, -2) @ do
        ds = self.a * (da - (da * self.a).sum(-1, keepdims=True))
        ds = ds / np.sqrt(self.dk)
        dq = ds @ self.k
        dk = ds.swapaxes(-1, -2) @ self.q
        dx = self._linear_back("q", self.x, self.merge(dq))
        dx += self._linear_back("k", self.x, self.merge(dk))
        dx += self._linear_back("v", self.x, self.merge(dv))
        return dx
