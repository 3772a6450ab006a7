import numpy as np


class Embedding:
    def __init__(self, num_embeddings, dim, padding_idx=0):
        self.weight = np.random.randn(num_embeddings, dim)
        self.padding_idx = padding_idx

    def forward(self, idx):
        """idx: integer array of any shape"""
        self.idx = idx
        out = self.weight[idx]
        out[idx == self.padding_idx] = 0.0
        return out

    def backward(self, dout):
        grad = np.zeros_like(self.weight)
        dout = np.where((self.idx == self.padding_idx)[..., None], 0.0, dout)
        for row, g in zip(self.idx.ravel(), dout.reshape(-1, dout.shape[-1])):
            grad[row] = g
        self.grad = grad
