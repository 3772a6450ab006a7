import numpy as np


class Linear:
    def __init__(self, nin, nout, rng):
        self.W = rng.randn(nin, nout) / np.sqrt(nin)
        self.b = np.zeros((1, nout))

    def forward(self, x, train):
        self.inp = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW = self.inp.T @ d
        self.db = d.sum(axis=0, keepdims=True)
        return d @ self.W.T


class Relu:
    def forward(self, x, train):
        self.out = np.maximum(x, 0)
        return self.out

    def backward(self, d):
        return d * (self.out > 0)


class Dropout:
    """The old dropout: units are dropped in training, scaled in testing."""

    def __init__(self, keep):
        self.keep = keep
        self.rng = np.random.RandomState(0)

    def forward(self, x, train):
        self.train = train
        if train:
            self.mask = (self.rng.rand(*x.shape) < self.keep).astype(x.dtype)
            return x * self.mask
        return x * self.keep

    def backward(self, d):
        if self.train:
            return d * self.mask
        return d * self.keep


class MLP:
    def __init__(self, sizes, keep=0.5, seed=0):
        rng = np.random.RandomState(seed)
        self.layers = []
        for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
            self.layers.append(Linear(a, b, rng))
            if i < len(sizes) - 2:
                self.layers.append(Relu())
                self.layers.append(Dropout(keep))

    def reseed(self, seed):
        for l in self.layers:
            if isinstance(l, Dropout):
                l.rng = np.random.RandomState(seed)

    def forward(self, x, train=True):
        for l in self.layers:
            x = l.forward(x, train)
        return x

    def backward(self, d):
        for l in reversed(self.layers):
            d = l.backward(d)
        return d
