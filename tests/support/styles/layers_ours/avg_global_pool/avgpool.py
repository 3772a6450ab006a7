import numpy as np


class AvgPool2d:
    def __init__(self, kernel, stride=None, padding=0, count_include_pad=True):
        self.k = kernel
        self.s = stride or kernel
        self.p = padding
        self.count_include_pad = count_include_pad

    def _divisor(self, H, W, r, c):
        if self.count_include_pad:
            return self.k * self.k
        # only the cells that lie inside the image
        top, left = r * self.s - self.p, c * self.s - self.p
        rows = min(top + self.k, H) - max(top, 0)
        cols = min(left + self.k, W) - max(left, 0)
        return rows * cols

    def forward(self, x):
        n, ch, H, W = x.shape
        k, s, p = self.k, self.s, self.p
        self.in_shape = x.shape
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh = (H + 2 * p - k) // s + 1
        ow = (W + 2 * p - k) // s + 1
        y = np.zeros((n, ch, oh, ow))
        for r in range(oh):
            for c in range(ow):
                win = xp[:, :, r * s:r * s + k, c * s:c * s + k]
                y[:, :, r, c] = win.sum(axis=(2, 3)) / self._divisor(H, W, r, c)
        return y

    def backward(self, dy):
        n, ch, H, W = self.in_shape
        k, s, p = self.k, self.s, self.p
        dxp = np.zeros((n, ch, H + 2 * p, W + 2 * p))
        for r in range(dy.shape[2]):
            for c in range(dy.shape[3]):
                share = dy[:, :, r, c] / self._divisor(H, W, r, c)
                dxp[:, :, r * s:r * s + k, c * s:c * s + k] += share[:, :, None, None]
        return dxp[:, :, p:p + H, p:p + W]


class GlobalAvgPool:
    def forward(self, x):
        self.hw = x.shape[2:]
        return x.mean(axis=(2, 3))

    def backward(self, dy):
        h, w = self.hw
        return np.ones((1, 1, h, w)) * dy[:, :, None, None] / (h * w)
