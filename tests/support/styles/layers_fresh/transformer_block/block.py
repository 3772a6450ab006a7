import numpy as np

K0 = np.sqrt(2 / np.pi)


def init(d, d_ff, n_heads, seed=0):
    r = np.random.default_rng(seed)
    p = {}
    for n in ("wq", "wk", "wv", "wo"):
        p[n] = r.standard_normal((d, d)) * d ** -0.5
    p["w1"], p["b1"] = r.standard_normal((d, d_ff)) * d ** -0.5, np.zeros(d_ff)
    p["w2"], p["b2"] = r.standard_normal((d_ff, d)) * d_ff ** -0.5, np.zeros(d)
    for n in ("g1", "g2"):
        p[n] = np.ones(d)
    for n in ("s1", "s2"):
        p[n] = np.zeros(d)
    return p


def ln(x, g, s):
    m = x.mean(-1, keepdims=True)
    inv = 1 / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    xh = (x - m) * inv
    return xh * g + s, (xh, inv, g)


def ln_back(dy, cache):
    xh, inv, g = cache
    dg = (dy * xh).sum((0, 1))
    ds = dy.sum((0, 1))
    d = dy * g
    dx = inv * (d - d.mean(-1, keepdims=True) - xh * (d * xh).mean(-1, keepdims=True))
    return dx, dg, ds


def attn(p, x, n_heads):
    B, T, D = x.shape
    hd = D // n_heads
    heads = lambda a: a.reshape(B, T, n_heads, hd)
    q, k, v = heads(x @ p["wq"]), heads(x @ p["wk"]), heads(x @ p["wv"])
    s = np.einsum("bqhe,bkhe->bhqk", q, k) / np.sqrt(hd)
    s = np.where(np.tril(np.ones((T, T), bool)), s, -np.inf)
    a = np.exp(s - s.max(-1, keepdims=True))
    a /= a.sum(-1, keepdims=True)
    o = np.einsum("bhqk,bkhe->bqhe", a, v).reshape(B, T, D)
    return o @ p["wo"], (x, q, k, v, a, o)


def attn_back(p, dy, cache, grads):
    x, q, k, v, a, o = cache
    B, T, D = x.shape
    grads["wo"] = np.einsum("btd,bte->de", o, dy)
    do = (dy @ p["wo"].T).reshape(q.shape)
    dv = np.einsum("bhqk,bqhe->bkhe", a, do)
    da = np.einsum("bqhe,bkhe->bhqk", do, v)
    ds = a * (da - (da * a).sum(-1, keepdims=True)) / np.sqrt(q.shape[-1])
    dq = np.einsum("bhqk,bkhe->bqhe", ds, k)
    dk = np.einsum("bhqk,bqhe->bkhe", ds, q)
    dx = np.zeros_like(x)
    for name, dh in (("wq", dq), ("wk", dk), ("wv", dv)):
        dh = dh.reshape(B, T, D)
        grads[name] = np.einsum("btd,bte->de", x, dh)
        dx += dh @ p[name].T
    return dx


def block_forward(p, x, n_heads):
    n1, c1 = ln(x, p["g1"], p["s1"])
    y, ca = attn(p, n1, n_heads)
    r = x + y
    n2, c2 = ln(r, p["g2"], p["s2"])
    u = n2 @ p["w1"] + p["b1"]
    t = np.tanh(K0 * (u + 0.044715 * u ** 3))
    f = 0.5 * u * (1 + t)
    out = r + f @ p["w2"] + p["b2"]
    return out, (c1, ca, c2, n2, u, t, f)


def block_backward(p, dout, cache):
    c1, ca, c2, n2, u, t, f = cache
    g = {}
    g["w2"] = np.einsum("btf,btd->fd", f, dout)
    g["b2"] = dout.sum((0, 1))
    df = dout @ p["w2"].T
    du = df * (0.5 * (1 + t) + 0.5 * u * (1 - t * t) * K0 * (1 + 3 * 0.044715 * u ** 2))
    g["w1"] = np.einsum("btd,btf->df", n2, du)
    g["b1"] = du.sum((0, 1))
    dr, g["g2"], g["s2"] = ln_back(du @ p["w1"].T, c2)
    dr = dr + dout
    dn1 = attn_back(p, dr, ca, g)
    dx, g["g1"], g["s1"] = ln_back(dn1, c1)
    dx = dx + dr
    return dx, g
