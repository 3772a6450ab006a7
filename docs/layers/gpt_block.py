"""A GPT block

Two halves with a way around each: attention under a causal mask, then a small net, each behind a layer norm. The way
around is left out or counted twice (`path-left-out`, `path-counted-twice`), in front of the norm where it begins behind
it, and everything that goes wrong in an attention or a norm goes wrong here.
"""

import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Block:
    def __init__(self, d, hidden):
        self.Wq, self.Wk, self.Wv, self.Wo = (np.random.randn(d, d) / np.sqrt(d) for _ in range(4))
        self.W1, self.W2 = np.random.randn(d, hidden) / np.sqrt(d), np.random.randn(hidden, d)

    def norm(self, x):
        sd = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        return (x - x.mean(axis=-1, keepdims=True)) / sd, sd

    def norm_backward(self, dn, n, sd):
        return (dn - dn.mean(axis=-1, keepdims=True) - n * (dn * n).mean(axis=-1, keepdims=True)) / sd

    def forward(self, x):
        T, d = x.shape
        n1, s1 = self.norm(x)
        q, k, v = n1 @ self.Wq, n1 @ self.Wk, n1 @ self.Wv
        scores = np.where(np.tril(np.ones((T, T))) > 0, q @ k.T / np.sqrt(d), -1e9)
        A = softmax(scores)
        y = A @ v
        x2 = x + y @ self.Wo
        n2, s2 = self.norm(x2)
        h = np.maximum(0, n2 @ self.W1)
        self.cache = n1, s1, q, k, v, A, y, n2, s2, h
        return x2 + h @ self.W2

    def backward(self, dout):
        n1, s1, q, k, v, A, y, n2, s2, h = self.cache
        self.dW2 = h.T @ dout
        dh = (dout @ self.W2.T) * (h > 0)
        self.dW1 = n2.T @ dh
        dx2 = self.norm_backward(dh @ self.W1.T, n2, s2)
        self.dWo = y.T @ dx2
        dy = dx2 @ self.Wo.T
        dv, dA = A.T @ dy, dy @ v.T
        ds = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[1])
        dq, dk = ds @ k, ds.T @ q
        self.dWq, self.dWk, self.dWv = n1.T @ dq, n1.T @ dk, n1.T @ dv
        dn1 = dq @ self.Wq.T + dk @ self.Wk.T + dv @ self.Wv.T
        return dx2 + self.norm_backward(dn1, n1, s1)
