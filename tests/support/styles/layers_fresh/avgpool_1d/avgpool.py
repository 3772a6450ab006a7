import numpy as np


class AvgPool1d:
    """Average over windows of the last axis; padded places are not counted."""

    def __init__(self, size, stride=1, pad=0):
        self.size = size
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        self.length = x.shape[-1]
        n_out = (self.length + 2 * self.pad - self.size) // self.stride + 1
        out = np.zeros(x.shape[:2] + (n_out,))
        self.spans = []
        for t in range(n_out):
            a = t * self.stride - self.pad
            lo, hi = max(a, 0), min(a + self.size, self.length)
            self.spans.append((lo, hi))
            out[:, :, t] = x[:, :, lo:hi].sum(axis=2) / (hi - lo)
        return out

    def backward(self, dout):
        dx = np.zeros(dout.shape[:2] + (self.length,))
        for t, (lo, hi) in enumerate(self.spans):
            dx[:, :, lo:hi] += dout[:, :, t:t + 1] / (hi - lo)
        return dx


class GlobalAvgPool:
    def forward(self, x):
        self.length = x.shape[2]
        return x.mean(axis=2)

    def backward(self, dout):
        return np.repeat(dout[:, :, None], self.length, axis=2) / self.length
