"""A small GPT in NumPy, forward and backward by hand."""
import numpy as np


def layer_norm(x, g, b):
    mean = x.mean(-1, keepdims=True)
    rstd = 1 / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    n = (x - mean) * rstd
    return n * g + b, (n, rstd, g)


def layer_norm_back(d, cache):
    n, rstd, g = cache
    dg, db = (d * n).sum((0, 1)), d.sum((0, 1))
    dn = d * g
    dx = rstd * (dn - dn.mean(-1, keepdims=True) - n * (dn * n).mean(-1, keepdims=True))
    return dx, dg, db


def linear(x, w, b):
    return x @ w + b, (x, w)


def linear_back(d, cache):
    x, w = cache
    flat = d.reshape(-1, d.shape[-1])
    return d @ w.T, x.reshape(-1, x.shape[-1]).T @ flat, flat.sum(0)


def gelu(x):
    t = np.tanh(0.7978845608 * (x + 0.044715 * x ** 3))
    return 0.5 * x * (1 + t), (x, t)


def gelu_back(d, cache):
    x, t = cache
    inner = 0.7978845608 * (1 + 0.134145 * x ** 2)
    return d * (0.5 * (1 + t) + 0.5 * x * (1 - t ** 2) * inner)


def attention(qkv, n_head):
    B, T, C3 = qkv.shape
    hs = C3 // 3 // n_head
    q, k, v = qkv.reshape(B, T, 3, n_head, hs).transpose(2, 0, 3, 1, 4)
    s = q @ k.swapaxes(-1, -2) / np.sqrt(hs)
    s = np.where(np.tri(T, dtype=bool), s, -1e10)
    a = np.exp(s - s.max(-1, keepdims=True))
    a /= a.sum(-1, keepdims=True)
    return (a @ v).transpose(0, 2, 1, 3).reshape(B, T, -1), (q, k, v, a)


def attention_back(d, cache):
    q, k, v, a = cache
    B, H, T, hs = q.shape
    d = d.reshape(B, T, H, hs).transpose(0, 2, 1, 3)
    da = d @ v.swapaxes(-1, -2)
    dv = a.swapaxes(-1, -2) @ d
    ds = a * (da - (da * a).sum(-1, keepdims=True))
    dq, dk = ds @ k, ds.swapaxes(-1, -2) @ q
    return np.stack([dq, dk, dv]).transpose(1, 3, 0, 2, 4).reshape(B, T, -1)


def block(p, i, x, n_head):
    get = lambda name: p[f"h{i}.{name}"]
    n1, c1 = layer_norm(x, get("ln1.g"), get("ln1.b"))
    qkv, c2 = linear(n1, get("attn.w"), get("attn.b"))
    a, c3 = attention(qkv, n_head)
    o, c4 = linear(a, get("proj.w"), get("proj.b"))
    x = x + o
    n2, c5 = layer_norm(x, get("ln2.g"), get("ln2.b"))
    f, c6 = linear(n2, get("fc.w"), get("fc.b"))
    f, c7 = gelu(f)
    f, c8 = linear(f, get("out.w"), get("out.b"))
    return x + f, (c1, c2, c3, c4, c5, c6, c7, c8)


def block_back(grads, i, d, caches):
    c1, c2, c3, c4, c5, c6, c7, c8 = caches

    def keep(name, dw, db, kind="w"):
        grads[f"h{i}.{name}.{kind}"] = dw
        grads[f"h{i}.{name}.b"] = db

    df, dw, db = linear_back(d, c8)
    keep("out", dw, db)
    df = gelu_back(df, c7)
    df, dw, db = linear_back(df, c6)
    keep("fc", dw, db)
    dx, dw, db = layer_norm_back(df, c5)
    keep("ln2", dw, db, "g")
    d = d + dx
    da, dw, db = linear_back(d, c4)
    keep("proj", dw, db)
    dqkv = attention_back(da, c3)
    dn, dw, db = linear_back(dqkv, c2)
    keep("attn", dw, db)
    dx, dw, db = layer_norm_back(dn, c1)
    keep("ln1", dw, db, "g")
    return d + dx


def forward(p, ids, n_layer, n_head):
    x = p["wte"][ids] + p["wpe"][:ids.shape[1]]
    caches = []
    for i in range(n_layer):
        x, c = block(p, i, x, n_head)
        caches.append(c)
    x, c = layer_norm(x, p["lnf.g"], p["lnf.b"])
    logits = x @ p["wte"].T
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True), (x, c, caches)


def loss_fn(p, ids, targets, n_layer, n_head):
    probs, _ = forward(p, ids, n_layer, n_head)
    return -np.log(np.take_along_axis(probs, targets[..., None], -1)).mean()


def grad_fn(p, ids, targets, n_layer, n_head):
    probs, (x, c, caches) = forward(p, ids, n_layer, n_head)
    B, T, V = probs.shape
    dlogits = (probs - np.eye(V)[targets]) / (B * T)
    grads = {"wte": dlogits.reshape(-1, V).T @ x.reshape(B * T, -1), "wpe": np.zeros_like(p["wpe"])}
    d, grads["lnf.g"], grads["lnf.b"] = layer_norm_back(dlogits @ p["wte"], c)
    for i in reversed(range(n_layer)):
        d = block_back(grads, i, d, caches[i])
    np.add.at(grads["wte"], ids, d)
    grads["wpe"][:T] += d.mean(0)
    return grads


def init(rng, vocab, block_size, n_layer, n_embd):
    p = {"wte": rng.normal(0, 0.2, (vocab, n_embd)), "wpe": rng.normal(0, 0.2, (block_size, n_embd))}
    for i in range(n_layer):
        for name, a, b in (("attn", 1, 3), ("proj", 1, 1), ("fc", 1, 4), ("out", 4, 1)):
            p[f"h{i}.{name}.w"] = rng.normal(0, 0.2, (a * n_embd, b * n_embd))
            p[f"h{i}.{name}.b"] = np.zeros(b * n_embd)
        for name in ("ln1", "ln2"):
            p[f"h{i}.{name}.g"], p[f"h{i}.{name}.b"] = np.ones(n_embd), np.zeros(n_embd)
    p["lnf.g"], p["lnf.b"] = np.ones(n_embd), np.zeros(n_embd)
    return p
