import numpy as np


def deconv_forward(x, w, b, stride=2, pad=0):
    """Transposed convolution.
    x: (N, Cin, H, W), w: (Cin, Cout, K, K), b: (Cout,)
    output side: (H - 1) * stride + K - 2 * pad
    """
    N, Ci, H, W = x.shape
    K, Co = w.shape[2], w.shape[1]
    full = np.zeros((N, Co, (H - 1) * stride + K, (W - 1) * stride + K))
    for i in range(H):
        for j in range(W):
            # (N, Cin) x (Cin, Cout, K, K)
            patch = np.tensordot(x[:, :, i, j], w, axes=([1], [0]))
            full[:, :, i * stride:i * stride + K, j * stride:j * stride + K] += patch
    hh, ww = full.shape[2:]
    out = full[:, :, pad:hh - pad, pad:ww - pad] + b.reshape(1, -1, 1, 1)
    return out, (x, w, stride, pad)


def deconv_backward(dout, cache):
    x, w, stride, pad = cache
    N, Ci, H, W = x.shape
    K = w.shape[2]
    dfull = np.pad(dout, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    for i in range(H):
        for j in range(W):
            dpatch = dfull[:, :, i * stride:i * stride + K, j * stride:j * stride + K]
            dx[:, :, i, j] = np.tensordot(dpatch, w, axes=([1, 2, 3], [1, 2, 3]))
            dw += np.tensordot(x[:, :, i, j], dpatch, axes=([0], [0]))
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db
