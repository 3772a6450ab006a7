import numpy as np


def window_indices(C, H, W, kh, kw, stride, pad):
    oh = (H + 2 * pad - kh) // stride + 1
    ow = (W + 2 * pad - kw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kh), kw), C)
    j0 = np.tile(np.arange(kw), kh * C)
    i1 = stride * np.repeat(np.arange(oh), ow)
    j1 = stride * np.tile(np.arange(ow), oh)
    i = i0[:, None] + i1[None, :]          # (C*kh*kw, oh*ow)
    j = j0[:, None] + j1[None, :]
    k = np.repeat(np.arange(C), kh * kw)[:, None]
    return k, i, j, oh, ow


def im2col(x, kh, kw, stride, pad):
    N, C, H, W = x.shape
    k, i, j, _, _ = window_indices(C, H, W, kh, kw, stride, pad)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = xp[:, k, i, j]                  # (N, C*kh*kw, oh*ow)
    return cols.transpose(1, 2, 0).reshape(C * kh * kw, -1)


def col2im(cols, shape, kh, kw, stride, pad):
    N, C, H, W = shape
    k, i, j, _, _ = window_indices(C, H, W, kh, kw, stride, pad)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    cols = cols.reshape(C * kh * kw, -1, N).transpose(2, 0, 1)
    np.add.at(xp, (slice(None), k, i, j), cols)
    return xp[:, :, pad:H + pad, pad:W + pad]


def conv_forward(X, W, b, stride=1, pad=0):
    n_f, C, kh, kw = W.shape
    N = X.shape[0]
    oh, ow = window_indices(*X.shape[1:], kh, kw, stride, pad)[3:]
    X_col = im2col(X, kh, kw, stride, pad)
    out = W.reshape(n_f, -1) @ X_col + b.reshape(-1, 1)
    out = out.reshape(n_f, oh, ow, N).transpose(3, 0, 1, 2)
    return out, (X.shape, W, stride, pad, X_col)


def conv_backward(dout, cache):
    x_shape, W, stride, pad, X_col = cache
    n_f, C, kh, kw = W.shape
    db = dout.sum(axis=(0, 2, 3))
    d2 = dout.transpose(1, 2, 3, 0).reshape(n_f, -1)
    dW = (d2 @ X_col.T).reshape(W.shape)
    dX_col = W.reshape(n_f, -1).T @ d2
    dX = col2im(dX_col, x_shape, kh, kw, stride, pad)
    return dX, dW, db
