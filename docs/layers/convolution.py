"""Convolution

One pixel lies below several windows, and one weight is used at every place: both gradients are added up over all of
these. Written with `=` the last window wins (`overwritten-not-accumulated`); with a stride, a window begins at
`i * stride` on the way back too (`shifted-by-one`).
"""

import numpy as np


def conv_forward(x, w, b, stride=1, pad=1):
    N, C, H, W = x.shape
    F, _, k, _ = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Ho, Wo = (H + 2 * pad - k) // stride + 1, (W + 2 * pad - k) // stride + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (x.shape, xp, w, stride, pad)


def conv_backward(dout, cache):
    shape, xp, w, stride, pad = cache
    k = w.shape[2]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            h, v = i * stride, j * stride
            win = xp[:, :, h : h + k, v : v + k]
            dw += np.tensordot(dout[:, :, i, j], win, axes=(0, 0))
            dxp[:, :, h : h + k, v : v + k] = np.tensordot(dout[:, :, i, j], w, axes=(1, 0))
    db = dout.sum(axis=(0, 2, 3))
    return dxp[:, :, pad : pad + shape[2], pad : pad + shape[3]], dw, db
