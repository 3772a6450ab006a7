import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mu = x.mean(-1, keepdims=True)
    rstd = 1 / np.sqrt(x.var(-1, keepdims=True) + eps)
    xhat = (x - mu) * rstd
    return xhat * gamma + beta, (xhat, rstd, gamma)


def layer_norm_grad(dy, cache):
    xhat, rstd, gamma = cache
    dxhat = dy * gamma
    dx = rstd * (dxhat - dxhat.mean(-1, keepdims=True) - xhat * (dxhat * xhat).mean(-1, keepdims=True))
    return dx, (dy * xhat).sum((0, 1)), dy.sum((0, 1))


GC = np.sqrt(2 / np.pi)


def gelu(x):
    return 0.5 * x * (1 + np.tanh(GC * (x + 0.044715 * x ** 3)))


def gelu_grad(x):
    t = np.tanh(GC * (x + 0.044715 * x ** 3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t ** 2) * GC * (1 + 3 * 0.044715 * x ** 2)


class PreNormBlock:
    """x = x + attn(ln1(x));  x = x + mlp(ln2(x))"""

    def __init__(self, C, F):
        r = np.random.RandomState(0)
        self.params = dict(
            g1=np.ones(C), b1=np.zeros(C), wqkv=r.randn(C, 3 * C) * 0.1, wo=r.randn(C, C) * 0.1,
            g2=np.ones(C), b2=np.zeros(C), w1=r.randn(C, F) * 0.1, c1=np.zeros(F), w2=r.randn(F, C) * 0.1, c2=np.zeros(C),
        )
        self.grads = {}

    def forward(self, x):
        p = self.params
        B, T, C = x.shape
        n1, ln1 = layer_norm(x, p["g1"], p["b1"])
        q, k, v = np.split(n1 @ p["wqkv"], 3, axis=-1)
        s = q @ k.transpose(0, 2, 1) / np.sqrt(C)
        s = s + np.triu(np.full((T, T), -np.inf), 1)
        a = np.exp(s - s.max(-1, keepdims=True))
        a = a / a.sum(-1, keepdims=True)
        z = a @ v
        x1 = x + z @ p["wo"]

        n2, ln2 = layer_norm(x1, p["g2"], p["b2"])
        u = n2 @ p["w1"] + p["c1"]
        m = gelu(u)
        self.saved = n1, ln1, q, k, v, a, z, n2, ln2, u, m
        return x1 + m @ p["w2"] + p["c2"]

    def backward(self, dy):
        p, g = self.params, {}
        n1, ln1, q, k, v, a, z, n2, ln2, u, m = self.saved
        C = dy.shape[-1]
        flat = lambda t: t.reshape(-1, t.shape[-1])

        # feed-forward branch
        g["w2"] = flat(m).T @ flat(dy)
        g["c2"] = dy.sum((0, 1))
        du = dy @ p["w2"].T * gelu_grad(u)
        g["w1"] = flat(n2).T @ flat(du)
        g["c1"] = du.sum((0, 1))
        dn2, g["g2"], g["b2"] = layer_norm_grad(du @ p["w1"].T, ln2)
        dx1 = dy + dn2

        # attention branch
        g["wo"] = flat(z).T @ flat(dx1)
        dz = dx1 @ p["wo"].T
        da = dz @ v.transpose(0, 2, 1)
        dv = a.transpose(0, 2, 1) @ dz
        ds = a * (da - (a * da).sum(-1, keepdims=True)) / np.sqrt(C)
        dqkv = np.concatenate([ds @ k, ds.transpose(0, 2, 1) @ q, dv], axis=-1)
        g["wqkv"] = flat(n1).T @ flat(dqkv)
        dn1, g["g1"], g["b1"] = layer_norm_grad(dqkv @ p["wqkv"].T, ln1)
        self.grads = g
        return dx1 + dn1
