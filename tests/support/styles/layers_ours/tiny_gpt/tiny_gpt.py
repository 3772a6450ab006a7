import numpy as np

NEG = -1e30


def init(vocab, block, C, heads, seed=0):
    r = np.random.default_rng(seed)
    s = lambda *shape: r.normal(0, 0.02, shape)
    return {
        "wte": s(vocab, C), "wpe": s(block, C),
        "ln1_g": np.ones(C), "ln1_b": np.zeros(C),
        "attn_w": s(C, 3 * C), "attn_b": np.zeros(3 * C), "proj_w": s(C, C), "proj_b": np.zeros(C),
        "ln2_g": np.ones(C), "ln2_b": np.zeros(C),
        "fc_w": s(C, 4 * C), "fc_b": np.zeros(4 * C), "out_w": s(4 * C, C), "out_b": np.zeros(C),
        "lnf_g": np.ones(C), "lnf_b": np.zeros(C),
    }


def ln_fwd(x, g, b):
    mu = x.mean(-1, keepdims=True)
    inv = 1.0 / np.sqrt(((x - mu) ** 2).mean(-1, keepdims=True) + 1e-5)
    n = (x - mu) * inv
    return g * n + b, (n, inv)


def ln_bwd(d, cache, P, G, name):
    n, inv = cache
    G[name + "_g"] += (d * n).sum((0, 1))
    G[name + "_b"] += d.sum((0, 1))
    dn = d * P[name + "_g"]
    return inv * (dn - dn.mean(-1, keepdims=True) - n * (dn * n).mean(-1, keepdims=True))


def lin_bwd(d, x, P, G, name):
    G[name + "_w"] += np.einsum("bti,bto->io", x, d)
    G[name + "_b"] += d.sum((0, 1))
    return d @ P[name + "_w"].T


def loss_and_grads(P, idx, targets, heads):
    B, T = idx.shape
    C = P["wte"].shape[1]
    hs = C // heads

    # ---- forward
    x0 = P["wte"][idx] + P["wpe"][:T]
    a1, c1 = ln_fwd(x0, P["ln1_g"], P["ln1_b"])
    qkv = (a1 @ P["attn_w"] + P["attn_b"]).reshape(B, T, 3, heads, hs).transpose(2, 0, 3, 1, 4)
    q, k, v = qkv                                              # (B, heads, T, hs) each
    att = q @ k.swapaxes(2, 3) / np.sqrt(hs)
    att = np.where(np.tril(np.ones((T, T), bool)), att, NEG)
    att = np.exp(att - att.max(-1, keepdims=True))
    att /= att.sum(-1, keepdims=True)
    y = (att @ v).transpose(0, 2, 1, 3).reshape(B, T, C)
    x1 = x0 + y @ P["proj_w"] + P["proj_b"]
    a2, c2 = ln_fwd(x1, P["ln2_g"], P["ln2_b"])
    f = a2 @ P["fc_w"] + P["fc_b"]
    s = 1 / (1 + np.exp(-1.702 * f))
    h = f * s                                                  # the quick GELU
    x2 = x1 + h @ P["out_w"] + P["out_b"]
    a3, c3 = ln_fwd(x2, P["lnf_g"], P["lnf_b"])
    logits = a3 @ P["wte"].T
    logits = logits - logits.max(-1, keepdims=True)
    prob = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    bi, ti = np.ogrid[:B, :T]
    loss = -np.log(prob[bi, ti, targets]).mean()

    # ---- backward
    G = {name: np.zeros_like(w) for name, w in P.items()}
    dlogits = prob.copy()
    dlogits[bi, ti, targets] -= 1
    dlogits /= B * T
    G["wte"] += np.einsum("btv,btc->vc", dlogits, a3)
    dx2 = ln_bwd(dlogits @ P["wte"], c3, P, G, "lnf")

    dh = lin_bwd(dx2, h, P, G, "out")
    df = dh * (s + 1.702 * f * s * (1 - s))
    dx1 = dx2 + ln_bwd(lin_bwd(df, a2, P, G, "fc"), c2, P, G, "ln2")

    dy = lin_bwd(dx1, y, P, G, "proj").reshape(B, T, heads, hs).transpose(0, 2, 1, 3)
    dv = att.swapaxes(2, 3) @ dy
    datt = dy @ v.swapaxes(2, 3)
    datt = att * (datt - (datt * att).sum(-1, keepdims=True)) / np.sqrt(hs)
    dq = datt @ k
    dk = datt.swapaxes(2, 3) @ q
    dqkv = np.stack([dq, dk, dv]).transpose(1, 3, 0, 2, 4).reshape(B, T, 3 * C)
    dx0 = dx1 + ln_bwd(lin_bwd(dqkv, a1, P, G, "attn"), c1, P, G, "ln1")

    np.add.at(G["wte"], idx, dx0)
    G["wpe"][:T] += dx0.sum(0)
    return loss, G
