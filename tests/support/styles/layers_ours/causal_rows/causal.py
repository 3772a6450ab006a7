"""Causal self-attention for one sequence, a query at a time (what a KV cache does)."""
import numpy as np


def softmax(v):
    e = np.exp(v - v.max())
    return e / e.sum()


def attend(x, Wq, Wk, Wv, Wo):
    T, _ = x.shape
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scale = 1 / np.sqrt(q.shape[1])
    ctx = np.zeros_like(v)
    probs = []
    for t in range(T):
        p = softmax(scale * (k[:t + 1] @ q[t]))
        ctx[t] = p @ v[:t + 1]
        probs.append(p)
    return ctx @ Wo, dict(x=x, q=q, k=k, v=v, ctx=ctx, probs=probs, scale=scale, W=(Wq, Wk, Wv, Wo))


def attend_back(dy, c):
    Wq, Wk, Wv, Wo = c["W"]
    x, q, k, v, scale = c["x"], c["q"], c["k"], c["v"], c["scale"]
    dWo = c["ctx"].T @ dy
    dctx = dy @ Wo.T
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for t, p in enumerate(c["probs"]):
        dp = v[:t + 1] @ dctx[t]
        dv[:t + 1] += np.outer(p, dctx[t])
        ds = p * (dp - p @ dp) * scale
        dq[t] = ds @ k[:t + 1]
        dk[:t + 1] += np.outer(ds, q[t])
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, x.T @ dq, x.T @ dk, x.T @ dv, dWo
