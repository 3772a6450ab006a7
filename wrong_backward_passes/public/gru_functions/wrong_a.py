import numpy as np


def sig(x):
    return 1 / (1 + np.exp(-x))


def gru_forward(p, x, h0):
    """x (T, N, D); p["Wg"] (D, 2H) and p["Ug"] (H, 2H) make update and reset gates, p["Wc"], p["Uc"] the candidate."""
    H = h0.shape[1]
    h, hs, cache = h0, [], []
    for xt in x:
        gates = sig(xt @ p["Wg"] + h @ p["Ug"] + p["bg"])
        u, r = gates[:, :H], gates[:, H:]
        c = np.tanh(xt @ p["Wc"] + r * (h @ p["Uc"]))
        cache.append((xt, h, u, r, c))
        h = u * h + (1 - u) * c
        hs.append(h)
    return np.array(hs), cache


def gru_backward(p, dhs, cache):
    g = {k: np.zeros_like(v) for k, v in p.items()}
    dh = np.zeros_like(dhs[0])
    for t in range(len(cache) - 1, -1, -1):
        xt, h, u, r, c = cache[t]
        dh = dh + dhs[t]
        dc = dh * (1 - u) * (1 - c ** 2)
        du = dh * (h - c) * u * (1 - u)
        dr = dc * (h @ p["Uc"]) * r * (1 - r)
        dgates = np.hstack([du, dr])
        g["Wg"] += xt.T @ dgates
        g["Ug"] += h.T @ dgates
        g["bg"] += dgates.sum(axis=0)
        g["Wc"] += xt.T @ dc
        g["Uc"] += h.T @ dc
        dh = dh * u + dgates @ p["Ug"].T + (dc * r) @ p["Uc"].T
    return g, dh
