import numpy as np


def to_columns(x, k, stride, pad):
    n, c, h, w = x.shape
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    oh = (h + 2 * pad - k) // stride + 1
    ow = (w + 2 * pad - k) // stride + 1
    col = np.zeros((n, c, k, k, oh, ow))
    for dy in range(k):
        for dx in range(k):
            col[:, :, dy, dx] = x[:, :, dy:dy + stride * oh:stride, dx:dx + stride * ow:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1), oh, ow


def from_columns(col, shape, k, stride, pad, oh, ow):
    n, c, h, w = shape
    col = col.reshape(n, oh, ow, c, k, k).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for dy in range(k):
        for dx in range(k):
            x[:, :, dy:dy + stride * oh:stride, dx:dx + stride * ow:stride] += col[:, :, dy, dx]
    return x[:, :, pad:pad + h, pad:pad + w]


def conv_forward(x, w, b, stride=1, pad=0):
    """x (N, C, H, W), w (F, C, k, k), b (F,)"""
    f, _, k, _ = w.shape
    col, oh, ow = to_columns(x, k, stride, pad)
    out = col @ w.reshape(f, -1).T + b
    out = out.reshape(len(x), oh, ow, f).transpose(0, 3, 1, 2)
    return out, (x.shape, col, w, stride, pad, oh, ow)


def conv_backward(dout, cache):
    shape, col, w, stride, pad, oh, ow = cache
    f, _, k, _ = w.shape
    d = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    db = d.sum(axis=0)
    dw = (d.T @ col).reshape(w.shape)
    dcol = d @ w.reshape(f, -1)
    return from_columns(dcol, shape, k, stride, pad, oh, ow), dw, db
