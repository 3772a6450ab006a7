"""Embedding

A word that stands in the text several times gets the sum of what comes back from all its places. `dW[idx] += d` adds
only one of them: NumPy reads, adds and writes once for each index (`duplicate-indices-lost`).
"""

import numpy as np


class Embedding:
    def __init__(self, vocab_size, dim):
        self.W = np.random.randn(vocab_size, dim) * 0.1

    def forward(self, idx):
        self.idx = idx
        return self.W[idx]

    def backward(self, dout):
        self.dW = np.zeros_like(self.W)
        self.dW[self.idx] += dout
