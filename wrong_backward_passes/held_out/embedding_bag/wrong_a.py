import numpy as np


class BagOfWords:
    """Averages word vectors, then classifies."""

    def __init__(self, vocab, dim, classes, seed=0):
        r = np.random.default_rng(seed)
        self.E = r.normal(size=(vocab, dim))
        self.W = r.normal(size=(dim, classes))

    def _forward(self, tokens):
        avg = self.E[tokens].mean(axis=1)
        s = avg @ self.W
        p = np.exp(s - s.max(axis=1, keepdims=True))
        return avg, p / p.sum(axis=1, keepdims=True)

    def loss(self, tokens, labels):
        """tokens (B, T) ints, labels (B,)"""
        p = self._forward(tokens)[1]
        return -np.log(p[np.arange(len(labels)), labels]).mean()

    def grads(self, tokens, labels):
        avg, p = self._forward(tokens)
        B, T = tokens.shape
        p[np.arange(B), labels] -= 1
        p /= B
        dW = avg.T @ p
        davg = p @ self.W.T
        dE = np.zeros_like(self.E)
        dE[tokens] += np.repeat(davg[:, None, :], T, axis=1) / T
        return {"E": dE, "W": dW}
