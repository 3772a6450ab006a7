import numpy as np


class MaxPool:
    def __init__(self, kh, kw, stride=2, pad=0):
        self.kh, self.kw, self.stride, self.pad = kh, kw, stride, pad

    def forward(self, x):
        n, h, w, c = x.shape
        p, s = self.pad, self.stride
        xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)
        ho = (h + 2 * p - self.kh) // s + 1
        wo = (w + 2 * p - self.kw) // s + 1
        wins = np.empty((n, ho, wo, c, self.kh * self.kw))
        for i in range(self.kh):
            for j in range(self.kw):
                wins[..., i * self.kw + j] = xp[:, i:i + s * (ho - 1) + 1:s, j:j + s * (wo - 1) + 1:s, :]
        self.arg = wins.argmax(axis=-1)         # (n, ho, wo, c)
        self.xshape = x.shape
        return wins.max(axis=-1)

    def backward(self, dy):
        n, h, w, c = self.xshape
        p, s = self.pad, self.stride
        di, dj = np.divmod(self.arg, self.kw)
        b, i, j, ch = np.indices(dy.shape)
        rows = i * s + di
        cols = j * s + dj
        dxp = np.zeros((n, h + 2 * p, w + 2 * p, c))
        np.add.at(dxp, (b, rows, cols, ch), dy)
        return dxp[:, p:p + h, p:p + w, :]
