"""A whole net

What is wrong near the loss spoils all that lies below it. It is looked for from the loss downwards, so that one line is
named and not four gradients. Most often it is the mask of ReLU (`relu-mask-missing`, `relu-mask-wrong`), weights that
are not transposed, or the gradient of the penalty (`regulariser-half`).
"""

import numpy as np


class TwoLayerNet:
    def __init__(self, d, h, k):
        self.W1, self.b1 = 0.1 * np.random.randn(d, h), np.zeros(h)
        self.W2, self.b2 = 0.1 * np.random.randn(h, k), np.zeros(k)

    def loss(self, X, y, reg=0.01):
        N = X.shape[0]
        a = X @ self.W1 + self.b1
        h = np.maximum(0, a)
        s = h @ self.W2 + self.b2
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[range(N), y]).mean() + reg * ((self.W1**2).sum() + (self.W2**2).sum())
        ds = p.copy()
        ds[range(N), y] -= 1
        ds /= N
        dh = ds @ self.W2.T
        da = np.maximum(0, dh)
        grads = {
            "W2": h.T @ ds + 2 * reg * self.W2,
            "b2": ds.sum(axis=0),
            "W1": X.T @ da + 2 * reg * self.W1,
            "b1": da.sum(axis=0),
        }
        return loss, grads
