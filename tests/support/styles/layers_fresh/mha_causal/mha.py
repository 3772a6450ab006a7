import numpy as np


class CausalSelfAttention:
    def __init__(self, d_model: int, n_heads: int, seed: int = 0):
        assert d_model % n_heads == 0
        rng = np.random.default_rng(seed)
        self.nh, self.hd = n_heads, d_model // n_heads
        self.w_qkv = rng.normal(size=(d_model, 3 * d_model)) / np.sqrt(d_model)
        self.b_qkv = np.zeros(3 * d_model)
        self.w_out = rng.normal(size=(d_model, d_model)) / np.sqrt(d_model)
        self.grads = {}

    def _split(self, a):
        B, T, _ = a.shape
        return a.reshape(B, T, self.nh, self.hd).transpose(0, 2, 1, 3)

    def _merge(self, a):
        B, _, T, _ = a.shape
        return a.transpose(0, 2, 1, 3).reshape(B, T, self.nh * self.hd)

    def forward(self, x):
        T = x.shape[1]
        qkv = x @ self.w_qkv + self.b_qkv
        q, k, v = (self._split(p) for p in np.split(qkv, 3, axis=-1))
        scores = q @ k.transpose(0, 1, 3, 2) * self.hd ** -0.5
        scores = scores + np.triu(np.full((T, T), -np.inf), k=1)
        scores -= scores.max(axis=-1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(axis=-1, keepdims=True)
        ctx = self._merge(p @ v)
        self.saved = (x, q, k, v, p, ctx)
        return ctx @ self.w_out

    def backward(self, dy):
        x, q, k, v, p, ctx = self.saved
        C = x.shape[-1]
        self.grads["w_out"] = ctx.reshape(-1, C).T @ dy.reshape(-1, C)
        dctx = self._split(dy @ self.w_out.T)
        dv = p.transpose(0, 1, 3, 2) @ dctx
        dp = dctx @ v.transpose(0, 1, 3, 2)
        ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
        ds *= self.hd ** -0.5
        dq = ds @ k
        dk = ds.transpose(0, 1, 3, 2) @ q
        dqkv = np.concatenate([self._merge(dq), self._merge(dk), self._merge(dv)], axis=-1)
        self.grads["w_qkv"] = x.reshape(-1, C).T @ dqkv.reshape(-1, 3 * C)
        self.grads["b_qkv"] = dqkv.sum(axis=(0, 1))
        return dqkv @ self.w_qkv.T
