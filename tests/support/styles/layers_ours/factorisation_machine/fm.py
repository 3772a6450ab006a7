import numpy as np


def fm_loss_grad(w0, w, V, X, y):
    """Mean logistic loss of a factorisation machine and all gradients.

    score = w0 + X w + 1/2 sum_f [ (X V)_f^2 - (X^2 V^2)_f ];  X (n, d), V (d, k), y in {0, 1}
    """
    n = X.shape[0]
    XV = X @ V
    score = w0 + X @ w + 0.5 * np.sum(XV ** 2 - (X ** 2) @ (V ** 2), axis=1)
    loss = np.mean(np.logaddexp(0, score) - y * score)

    g = (1 / (1 + np.exp(-score)) - y) / n
    gw0 = np.array([g.sum()])
    gw = X.T @ g
    gV = X.T @ (g[:, None] * XV) - V * ((X ** 2).T @ g)[:, None]
    gX = g[:, None] * (w + XV @ V.T - X * np.sum(V ** 2, axis=1))
    return loss, gw0, gw, gV, gX


def fm_sparse_forward(w0, w, V, idx, val):
    """The same with only the entries that are not zero: idx (n, m) columns, val (n, m) values."""
    vx = V[idx] * val[:, :, None]                 # (n, m, k)
    total = vx.sum(axis=1)
    pair = 0.5 * (total ** 2 - (vx ** 2).sum(axis=1)).sum(axis=1)
    out = w0 + (w[idx] * val).sum(axis=1) + pair
    return out, (w, V, idx, val, vx, total)


def fm_sparse_backward(dout, cache):
    w, V, idx, val, vx, total = cache
    dvx = dout[:, None, None] * (total[:, None, :] - vx)
    dw, dV = np.zeros_like(w), np.zeros_like(V)
    np.add.at(dw, idx, dout[:, None] * val)
    np.add.at(dV, idx, dvx * val[:, :, None])
    return np.array([dout.sum()]), dw, dV
