import numpy as np


def im2col(x, kh, kw, stride, pad):
    """x (N,H,W,C) -> columns (N*Ho*Wo, kh*kw*C)"""
    n, h, w, c = x.shape
    ho = (h + 2 * pad - kh) // stride + 1
    wo = (w + 2 * pad - kw) // stride + 1
    img = np.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    col = np.empty((n, ho, wo, kh, kw, c))
    for i in range(kh):
        for j in range(kw):
            col[:, :, :, i, j, :] = img[:, i:i + stride * ho:stride, j:j + stride * wo:stride, :]
    return col.reshape(n * ho * wo, -1), ho, wo


def col2im(col, shape, kh, kw, stride, pad):
    n, h, w, c = shape
    ho = (h + 2 * pad - kh) // stride + 1
    wo = (w + 2 * pad - kw) // stride + 1
    col = col.reshape(n, ho, wo, kh, kw, c)
    img = np.zeros((n, h + 2 * pad + stride - 1, w + 2 * pad + stride - 1, c))
    for i in range(kh):
        for j in range(kw):
            img[:, i:i + stride * ho:stride, j:j + stride * wo:stride, :] += col[:, :, :, i, j, :]
    return img[:, pad:h + pad, pad:w + pad, :]


class Conv2D:
    def __init__(self, c_in, c_out, ksize=(3, 3), stride=1, pad=0, seed=0):
        self.kh, self.kw = ksize
        self.stride, self.pad = stride, pad
        fan_in = self.kh * self.kw * c_in
        r = np.random.RandomState(seed)
        self.W = r.randn(self.kh, self.kw, c_in, c_out) * np.sqrt(2 / fan_in)
        self.b = np.zeros(c_out)

    def forward(self, x):
        self.shape = x.shape
        self.col, ho, wo = im2col(x, self.kh, self.kw, self.stride, self.pad)
        wmat = self.W.reshape(-1, self.W.shape[-1])
        out = self.col @ wmat + self.b
        return out.reshape(x.shape[0], ho, wo, -1)

    def backward(self, dout):
        f = self.W.shape[-1]
        d = dout.reshape(-1, f)
        self.db = d.sum(axis=0)
        self.dW = (self.col.T @ d).reshape(self.W.shape)
        dcol = d @ self.W.reshape(-1, f).T
        return col2im(dcol, self.shape, self.kh, self.kw, self.stride, self.pad)
