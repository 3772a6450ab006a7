import numpy as np


class PReLU:
    # one slope for each channel (axis 1)
    def __init__(self, channels, init=0.25):
        self.a = np.full(channels, init)

    def _a(self, ndim):
        return self.a.reshape((1, -1) + (1,) * (ndim - 2))

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self._a(x.ndim) * x)

    def backward(self, dy):
        neg = self.x < 0
        axes = (0,) + tuple(range(2, dy.ndim))
        self.da = np.sum(dy * self.x * neg, axis=axes)
        return np.where(neg, self._a(dy.ndim) * dy, dy)


class TwoLayer:
    def __init__(self, n_in, n_hid, n_out):
        self.W1 = np.random.randn(n_in, n_hid) / np.sqrt(n_in)
        self.W2 = np.random.randn(n_hid, n_out) / np.sqrt(n_hid)
        self.act = PReLU(n_hid)

    def forward(self, x):
        self.x = x
        self.h = self.act.forward(x.dot(self.W1))
        return self.h.dot(self.W2)

    def backward(self, dy):
        self.dW2 = self.h.T.dot(dy)
        dz = self.act.backward(dy.dot(self.W2.T))
        self.dW1 = self.x.T.dot(dz)
        return dz.dot(self.W1.T)
