"""Dropout

The way back is the way forward once more: the same mask, and the same division by the probability to be kept. A second
mask is drawn, the mask is forgotten (`mask-missing`), or the division is (`wrong-factor`).
"""

import numpy as np


class Dropout:
    def __init__(self, keep=0.8):
        self.keep = keep

    def forward(self, x, train=True):
        if not train:
            return x
        self.mask = np.random.rand(*x.shape) < self.keep
        return x * self.mask / self.keep

    def backward(self, dout):
        return dout * self.mask
