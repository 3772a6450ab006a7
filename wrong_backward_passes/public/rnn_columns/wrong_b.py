import numpy as np


class RNN:
    def __init__(self, d, h, seed=0):
        g = np.random.default_rng(seed)
        self.Wxh = g.normal(0, 0.5, (h, d))
        self.Whh = g.normal(0, 0.5, (h, h))
        self.bh = np.zeros((h, 1))

    def forward(self, xs):
        """xs: list of columns (d, 1); returns the last state."""
        self.xs = xs
        self.hs = [np.zeros_like(self.bh)]
        for x in xs:
            self.hs.append(np.tanh(self.Wxh @ x + self.Whh @ self.hs[-1] + self.bh))
        return self.hs[-1]

    def backward(self, dh):
        self.dWxh, self.dWhh, self.dbh = (np.zeros_like(p) for p in (self.Wxh, self.Whh, self.bh))
        for t in reversed(range(len(self.xs))):
            dz = dh * (1 - self.hs[t + 1] ** 2)
            self.dWxh += dz @ self.xs[t].T
            self.dWhh += dz @ self.hs[t].T
            self.dbh += dz
            dh = self.Whh @ dz
        return dh
