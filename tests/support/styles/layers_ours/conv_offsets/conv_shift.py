"""Convolution by a loop over the offsets of the kernel: a shifted slice of the input for each."""
import numpy as np


class Conv:
    def __init__(self, c_in, c_out, k=3, stride=2, pad=1):
        self.W = np.random.randn(k, k, c_in, c_out) / np.sqrt(k * k * c_in)
        self.b = np.zeros(c_out)
        self.k, self.stride, self.pad = k, stride, pad

    def fprop(self, x):
        # x: batch, height, width, channels
        p, s, k = self.pad, self.stride, self.k
        xp = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        ho = (xp.shape[1] - k) // s + 1
        wo = (xp.shape[2] - k) // s + 1
        y = np.zeros((x.shape[0], ho, wo, self.W.shape[3])) + self.b
        for i in range(k):
            for j in range(k):
                y += xp[:, i:i + s * ho:s, j:j + s * wo:s] @ self.W[i, j]
        self.xp, self.hw = xp, (ho, wo)
        return y

    def bprop(self, dy):
        p, s, k = self.pad, self.stride, self.k
        ho, wo = self.hw
        dxp = np.zeros_like(self.xp)
        self.dW = np.zeros_like(self.W)
        self.db = dy.sum(axis=(0, 1, 2))
        for i in range(k):
            for j in range(k):
                patch = self.xp[:, i:i + s * ho:s, j:j + s * wo:s]
                self.dW[i, j] = np.einsum("nhwc,nhwd->cd", patch, dy)
                dxp[:, i:i + s * ho:s, j:j + s * wo:s] += dy @ self.W[i, j].T
        return dxp[:, p:-p, p:-p]
