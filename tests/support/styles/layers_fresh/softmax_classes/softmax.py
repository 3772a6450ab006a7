import numpy as np


class Softmax:
    def __init__(self, axis=-1, temperature=1.0):
        self.axis = axis
        self.temperature = temperature

    def forward(self, x):
        z = x / self.temperature
        z = z - np.max(z, axis=self.axis, keepdims=True)
        e = np.exp(z)
        self.y = e / np.sum(e, axis=self.axis, keepdims=True)
        return self.y

    def backward(self, dy):
        y = self.y
        inner = np.sum(dy * y, axis=self.axis, keepdims=True)
        return y * (dy - inner) / self.temperature


class LogSoftmax:
    def __init__(self, axis=-1):
        self.axis = axis

    def forward(self, x):
        z = x - np.max(x, axis=self.axis, keepdims=True)
        self.logy = z - np.log(np.sum(np.exp(z), axis=self.axis, keepdims=True))
        return self.logy

    def backward(self, dy):
        total = dy.sum(axis=self.axis, keepdims=True)
        return dy - np.exp(self.logy) * total


class JacobianSoftmax:
    """Row by row with the whole matrix diag(s) - s s^T."""

    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.s = e / e.sum(axis=1, keepdims=True)
        return self.s

    def backward(self, dy):
        dx = np.zeros_like(dy)
        for n, s in enumerate(self.s):
            J = np.diag(s) - np.outer(s, s)
            dx[n] = J @ dy[n]
        return dx
