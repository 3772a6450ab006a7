"""RMS norm

There is no mean to subtract, which leaves one statistic with a way back of its own: the root mean square. It is the
way that is left out, or gets another power of the root than its slope has (`derivative-wrong`).
"""

import numpy as np


class RMSNorm:
    def __init__(self, d, eps=1e-6):
        self.g = np.ones(d)
        self.eps = eps

    def forward(self, x):
        self.x = x
        self.r = 1.0 / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        return x * self.r * self.g

    def backward(self, dy):
        self.dg = np.sum(dy * self.x * self.r, axis=(0, 1))
        dxn = dy * self.g
        dr = np.sum(dxn * self.x, axis=-1, keepdims=True)
        return dxn * self.r - dr * self.r**2 * self.x / self.x.shape[-1]
