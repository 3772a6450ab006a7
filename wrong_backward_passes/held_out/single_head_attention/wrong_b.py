import numpy as np


def softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def attention_fwd(x, Wq, Wk, Wv):
    """Causal self-attention. x (B, T, C), weights (C, H)."""
    T, H = x.shape[1], Wq.shape[1]
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    att = q @ k.transpose(0, 2, 1) / np.sqrt(H)
    att = np.where(np.tril(np.ones((T, T), dtype=bool)), att, -1e9)
    p = softmax(att)
    return p @ v, (x, Wq, Wk, Wv, q, k, v, p)


def attention_bwd(dout, cache):
    x, Wq, Wk, Wv, q, k, v, p = cache
    H = Wq.shape[1]
    dp = dout @ v.transpose(0, 2, 1)
    dv = p.transpose(0, 2, 1) @ dout
    datt = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
    datt = datt / np.sqrt(H)
    dq = datt @ k
    dk = datt @ q
    xt = x.transpose(0, 2, 1)
    dWq = (xt @ dq).sum(axis=0)
    dWk = (xt @ dk).sum(axis=0)
    dWv = (xt @ dv).sum(axis=0)
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, dWq, dWk, dWv
