import numpy as np


class Softmax:
    def __init__(self, axis=-1, temperature=1.0):
        self.axis = axis
        self.temperature = temperature
        self.y = None

    def forward(self, x):
        z = x / self.temperature
        z = z - np.max(z, axis=self.axis, keepdims=True)
        e = np.exp(z)
        self.y = e / np.sum(e, axis=self.axis, keepdims=True)
        return self.y

    def backward(self, dy):
        dot = np.sum(self.y * dy, axis=self.axis, keepdims=True)
        dz = self.y * (dy - dot)
        return dz / self.temperature


class LogSoftmax:
    def __init__(self, axis=-1):
        self.axis = axis
        self.logp = None

    def forward(self, x):
        m = np.max(x, axis=self.axis, keepdims=True)
        lse = m + np.log(np.sum(np.exp(x - m), axis=self.axis, keepdims=True))
        self.logp = x - lse
        return self.logp

    def backward(self, dlogp):
        total = dlogp.sum(axis=self.axis, keepdims=True)
        return dlogp - np.exp(self.logp) * total
