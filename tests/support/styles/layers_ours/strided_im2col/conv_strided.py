import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b):
    """Valid convolution. x (N, C, H, W), w (F, C, K, K), b (F,)."""
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    win = sliding_window_view(x, (K, K), axis=(2, 3))          # N C Ho Wo K K
    Ho, Wo = win.shape[2:4]
    cols = win.transpose(0, 2, 3, 1, 4, 5).reshape(N * Ho * Wo, C * K * K)
    out = cols @ w.reshape(F, -1).T + b
    out = out.reshape(N, Ho, Wo, F).transpose(0, 3, 1, 2)
    return out, (x.shape, cols, w)


def col2im(dcols, shape, K, Ho, Wo):
    N, C, H, W = shape
    dx = np.zeros(shape)
    d6 = dcols.reshape(N, Ho, Wo, C, K, K).transpose(0, 3, 4, 5, 1, 2)
    for a in range(K):
        for b in range(K):
            dx[:, :, a:a + Ho, b:b + Wo] += d6[:, :, a, b]
    return dx


def conv_backward(dout, cache):
    shape, cols, w = cache
    F, C, K, _ = w.shape
    N, _, Ho, Wo = dout.shape
    db = dout.sum(axis=(0, 2, 3))
    d2 = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dw = (d2.T @ cols).reshape(w.shape)
    dcols = d2 @ w.reshape(F, -1)
    dx = col2im(dcols, shape, K, Ho, Wo)
    return dx, dw, db
