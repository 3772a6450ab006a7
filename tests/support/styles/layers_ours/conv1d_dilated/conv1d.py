import numpy as np


def conv1d(x, w, b, dilation=1):
    """
    Causal convolution: out[:, :, t] sees x[:, :, t - k*dilation], k = 0, 1, ...
    x: (B, Cin, T), w: (Cout, Cin, K), b: (Cout,).  The output has length T.
    """
    B, Cin, T = x.shape
    Cout, _, K = w.shape
    left = (K - 1) * dilation
    xp = np.concatenate([np.zeros((B, Cin, left)), x], axis=2)
    out = np.repeat(b[None, :, None], B, axis=0).repeat(T, axis=2)
    for k in range(K):
        start = left - k * dilation
        out = out + np.einsum('oi,bit->bot', w[:, :, k], xp[:, :, start:start + T])
    return out


def conv1d_grad(dout, x, w, dilation=1):
    B, Cin, T = x.shape
    Cout, _, K = w.shape
    left = (K - 1) * dilation
    xp = np.concatenate([np.zeros((B, Cin, left)), x], axis=2)
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for k in range(K):
        start = left - k * dilation
        dw[:, :, k] = np.einsum('bot,bit->oi', dout, xp[:, :, start:start + T])
        dxp[:, :, start:start + T] += np.einsum('oi,bot->bit', w[:, :, k], dout)
    db = dout.sum(axis=(0, 2))
    return dxp[:, :, left:], dw, db
