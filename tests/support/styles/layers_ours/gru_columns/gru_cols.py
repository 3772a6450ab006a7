"""GRU over a sequence, one column a sample; all three gates in one matrix."""
import numpy as np


def sig(a):
    return 1.0 / (1.0 + np.exp(-a))


def gru_fwd(X, h0, W, U, b):
    """X: (T, D, N), h0: (H, N), W: (3H, D), U: (3H, H), b: (3H, 1)"""
    H = h0.shape[0]
    h = h0
    hs, tape = [], []
    for x in X:
        wx = W @ x + b
        uh = U @ h
        z = sig(wx[:H] + uh[:H])
        r = sig(wx[H:2*H] + uh[H:2*H])
        n = np.tanh(wx[2*H:] + r * uh[2*H:])
        h_new = (1 - z) * n + z * h
        tape.append((x, h, z, r, n, uh[2*H:]))
        h = h_new
        hs.append(h)
    return np.stack(hs), (tape, W, U)


def gru_bwd(dhs, cache):
    tape, W, U = cache
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros((W.shape[0], 1))
    dX = []
    dh = np.zeros_like(dhs[0])
    for (x, h, z, r, n, un), dout in zip(reversed(tape), dhs[::-1]):
        dh = dh + dout
        dz = dh * (h - n) * z * (1 - z)
        dn = dh * (1 - z) * (1 - n ** 2)
        dr = dn * un * r * (1 - r)
        dwx = np.concatenate([dz, dr, dn])
        duh = np.concatenate([dz, dr, dn * r])
        dW += dwx @ x.T
        dU += duh @ h.T
        db += dwx.sum(axis=1, keepdims=True)
        dX.append(W.T @ dwx)
        dh = U.T @ duh + dh * z
    return np.stack(dX[::-1]), dh, dW, dU, db
