"""Attention over the steps of each sequence, with a dropout mask, a gate, and a norm of each vector."""

import numpy as np

EPS = 1e-5


def forward(p, X, mask, keep):
    d = p["Wq"].shape[1]
    q, k, v = X @ p["Wq"], X @ p["Wk"], X @ p["Wv"] + p["c"]
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(d)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    P = e / e.sum(axis=-1, keepdims=True)
    mixed = P @ v
    a = np.maximum(mixed, 0) * mask / keep
    g = 1 / (1 + np.exp(-p["gate"]))
    y = g * a + (1 - g) * v
    mean = y.mean(axis=-1, keepdims=True)
    std = np.sqrt(y.var(axis=-1, keepdims=True) + EPS)
    y_hat = (y - mean) / std
    return q, k, v, P, mixed, a, g, y, std, y_hat


def cost(p, X, T, mask, keep):
    y_hat = forward(p, X, mask, keep)[-1]
    return 0.5 * np.sum((p["gamma"] * y_hat + X - T) ** 2)


def gradient(p, X, T, mask, keep):
    q, k, v, P, mixed, a, g, _, std, y_hat = forward(p, X, mask, keep)
    d = p["Wq"].shape[1]
    dout = p["gamma"] * y_hat + X - T
    dgamma = (dout * y_hat).sum(axis=(0, 1))
    dy_hat = dout * p["gamma"]
    dy = (dy_hat - dy_hat.mean(-1, keepdims=True) - y_hat * (dy_hat * y_hat).mean(-1, keepdims=True)) / std
    dgate = (dy * (a - v)).sum(axis=(0, 1)) * g * (1 - g)
    da = dy * g
    drelu = da * mask / keep
    dmixed = drelu * (mixed > 0)
    dP = dmixed @ v.transpose(0, 2, 1)
    dv = P.transpose(0, 2, 1) @ dmixed + dy * (1 - g)
    dscores = P * (dP - (dP * P).sum(axis=-1, keepdims=True))
    dq = dscores @ k / np.sqrt(d)
    dk = dscores.transpose(0, 2, 1) @ q / np.sqrt(d)
    dc = dv.sum(axis=(0, 1))
    dWq, dWk, dWv = (np.einsum("nti,ntd->id", X, each) for each in (dq, dk, dv))
    return {"Wq": dWq, "Wk": dWk, "Wv": dWv, "c": dc, "gate": dgate, "gamma": dgamma}


def chainrule_check(rng):
    sizes = {"Wq": (4, 3), "Wk": (4, 3), "Wv": (4, 4), "c": (4,), "gate": (4,), "gamma": (4,)}
    parameters = {name: rng.normal(size=size) for name, size in sizes.items()}
    mask = rng.integers(2, size=(2, 5, 4)).astype(float)
    data = (rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 4)), mask, 0.7)
    return {"cost": cost, "gradient": gradient, "parameters": parameters, "data": data}
