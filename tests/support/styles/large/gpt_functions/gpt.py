"""A small GPT in NumPy with its gradient by hand."""
import numpy as np

VOCAB = 40
CONTEXT = 16
D = 20
HEADS = 4
LAYERS = 2


def init_params(seed=0):
    rng = np.random.default_rng(seed)
    p = {
        "wte": rng.normal(0, 0.02, (VOCAB, D)),
        "wpe": rng.normal(0, 0.02, (CONTEXT, D)),
        "lnf_g": np.ones(D),
        "lnf_b": np.zeros(D),
    }
    for i in range(LAYERS):
        p[f"h{i}_ln1_g"] = np.ones(D)
        p[f"h{i}_ln1_b"] = np.zeros(D)
        p[f"h{i}_qkv_w"] = rng.normal(0, 0.02, (D, 3 * D))
        p[f"h{i}_qkv_b"] = np.zeros(3 * D)
        p[f"h{i}_proj_w"] = rng.normal(0, 0.02, (D, D))
        p[f"h{i}_proj_b"] = np.zeros(D)
        p[f"h{i}_ln2_g"] = np.ones(D)
        p[f"h{i}_ln2_b"] = np.zeros(D)
        p[f"h{i}_fc_w"] = rng.normal(0, 0.02, (D, 4 * D))
        p[f"h{i}_fc_b"] = np.zeros(4 * D)
        p[f"h{i}_out_w"] = rng.normal(0, 0.02, (4 * D, D))
        p[f"h{i}_out_b"] = np.zeros(D)
    return p


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def gelu_backward(dout, x):
    s = np.sqrt(2 / np.pi)
    t = np.tanh(s * (x + 0.044715 * x**3))
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * s * (1 + 3 * 0.044715 * x**2))


def layernorm(x, g, b, eps=1e-5):
    mu = x.mean(-1, keepdims=True)
    var = x.var(-1, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + eps)
    return g * xhat + b, (xhat, var, g, eps)


def layernorm_backward(dout, cache):
    xhat, var, g, eps = cache
    dg = (dout * xhat).sum((0, 1))
    db = dout.sum((0, 1))
    dxhat = dout * g
    dx = dxhat - dxhat.mean(-1, keepdims=True) - xhat * (dxhat * xhat).mean(-1, keepdims=True)
    return dx / np.sqrt(var + eps), dg, db


def split_heads(x):
    B, T, _ = x.shape
    return x.reshape(B, T, HEADS, -1).transpose(0, 2, 1, 3)


def merge_heads(x):
    B, _, T, _ = x.shape
    return x.transpose(0, 2, 1, 3).reshape(B, T, -1)


def attention(x, w, b, pw, pb):
    qkv = x @ w + b
    q, k, v = [split_heads(part) for part in np.split(qkv, 3, axis=-1)]
    T = x.shape[1]
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
    scores = np.where(np.tril(np.ones((T, T), dtype=bool)), scores, -np.inf)
    scores = scores - scores.max(-1, keepdims=True)
    att = np.exp(scores)
    att = att / att.sum(-1, keepdims=True)
    y = merge_heads(att @ v)
    return y @ pw + pb, (x, w, q, k, v, att, y, pw)


def attention_backward(dout, cache):
    x, w, q, k, v, att, y, pw = cache
    dpw = np.einsum("btd,bte->de", y, dout)
    dpb = dout.sum((0, 1))
    dy = split_heads(dout @ pw.T)
    datt = dy @ v.transpose(0, 1, 3, 2)
    dv = att.transpose(0, 1, 3, 2) @ dy
    dscores = att * (datt - (datt * att).sum(-1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[-1])
    dq = dscores @ k
    dk = dscores.transpose(0, 1, 3, 2) @ q
    dqkv = np.concatenate([merge_heads(dq), merge_heads(dk), merge_heads(dv)], axis=-1)
    dw = np.einsum("btd,bte->de", x, dqkv)
    db = dqkv.sum((0, 1))
    return dqkv @ w.T, dw, db, dpw, dpb


def block(x, p, i):
    n1, ln1 = layernorm(x, p[f"h{i}_ln1_g"], p[f"h{i}_ln1_b"])
    a, att = attention(n1, p[f"h{i}_qkv_w"], p[f"h{i}_qkv_b"], p[f"h{i}_proj_w"], p[f"h{i}_proj_b"])
    x = x + a
    n2, ln2 = layernorm(x, p[f"h{i}_ln2_g"], p[f"h{i}_ln2_b"])
    pre = n2 @ p[f"h{i}_fc_w"] + p[f"h{i}_fc_b"]
    act = gelu(pre)
    x = x + act @ p[f"h{i}_out_w"] + p[f"h{i}_out_b"]
    return x, (ln1, att, ln2, n2, pre, act)


def block_backward(dx, cache, p, i, grads):
    ln1, att, ln2, n2, pre, act = cache
    grads[f"h{i}_out_w"] = np.einsum("btd,bte->de", act, dx)
    grads[f"h{i}_out_b"] = dx.sum((0, 1))
    dpre = gelu_backward(dx @ p[f"h{i}_out_w"].T, pre)
    grads[f"h{i}_fc_w"] = np.einsum("btd,bte->de", n2, dpre)
    grads[f"h{i}_fc_b"] = dpre.sum((0, 1))
    dn2 = dpre @ p[f"h{i}_fc_w"].T
    d, grads[f"h{i}_ln2_g"], grads[f"h{i}_ln2_b"] = layernorm_backward(dn2, ln2)
    dx = dx + d
    dn1, *parts = attention_backward(dx, att)
    for name, part in zip(("qkv_w", "qkv_b", "proj_w", "proj_b"), parts):
        grads[f"h{i}_{name}"] = part
    d, grads[f"h{i}_ln1_g"], grads[f"h{i}_ln1_b"] = layernorm_backward(dn1, ln1)
    return dx + d


def loss_and_grads(p, idx, targets):
    B, T = idx.shape
    x = p["wte"][idx] + p["wpe"][:T]
    caches = []
    for i in range(LAYERS):
        x, cache = block(x, p, i)
        caches.append(cache)
    xf, lnf = layernorm(x, p["lnf_g"], p["lnf_b"])
    logits = xf @ p["wte"].T
    logits = logits - logits.max(-1, keepdims=True)
    probs = np.exp(logits)
    probs /= probs.sum(-1, keepdims=True)
    rows, cols = np.indices((B, T))
    loss = -np.log(probs[rows, cols, targets]).mean()

    grads = {}
    dlogits = probs.copy()
    dlogits[rows, cols, targets] -= 1
    dlogits /= B * T
    dwte = np.einsum("btv,btd->vd", dlogits, xf)
    dx, grads["lnf_g"], grads["lnf_b"] = layernorm_backward(dlogits @ p["wte"], lnf)
    for i in reversed(range(LAYERS)):
        dx = block_backward(dx, caches[i], p, i, grads)
    np.add.at(dwte, idx, dx)
    grads["wte"] = dwte
    grads["wpe"] = np.zeros_like(p["wpe"])
    grads["wpe"][:T] = dx.sum(0)
    return loss, grads


def train(steps=100, lr=0.1, seed=0):
    rng = np.random.default_rng(seed)
    p = init_params(seed)
    data = rng.integers(0, VOCAB, 2000)
    for step in range(steps):
        start = rng.integers(0, len(data) - CONTEXT - 1, 8)
        x = np.stack([data[s : s + CONTEXT] for s in start])
        y = np.stack([data[s + 1 : s + CONTEXT + 1] for s in start])
        loss, grads = loss_and_grads(p, x, y)
        for name in p:
            p[name] -= lr * grads[name]
        if step % 10 == 0:
            print(step, loss)
    return p


if __name__ == "__main__":
    p = init_params()
    print(sum(a.size for a in p.values()))
    train()
