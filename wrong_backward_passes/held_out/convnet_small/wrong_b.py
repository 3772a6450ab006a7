import numpy as np


def im2col(x, k):
    n, c, h, w = x.shape
    oh, ow = h - k + 1, w - k + 1
    cols = np.empty((n, c, k, k, oh, ow))
    for i in range(k):
        for j in range(k):
            cols[:, :, i, j] = x[:, :, i:i + oh, j:j + ow]
    return cols.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(cols, shape, k):
    n, c, h, w = shape
    oh, ow = h - k + 1, w - k + 1
    cols = cols.reshape(n, oh, ow, c, k, k).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros(shape)
    for i in range(k):
        for j in range(k):
            x[:, :, i:i + oh, j:j + ow] += cols[:, :, i, j]
    return x


class Conv:
    def __init__(self, c, f, k, rng):
        self.k = k
        self.W = rng.normal(0, np.sqrt(2 / (c * k * k)), (f, c, k, k))
        self.b = np.zeros(f)

    def forward(self, x):
        self.shape = x.shape
        n, _, h, w = x.shape
        f = len(self.b)
        self.cols = im2col(x, self.k)
        out = self.cols @ self.W.reshape(f, -1).T + self.b
        return out.reshape(n, h - self.k + 1, w - self.k + 1, f).transpose(0, 3, 1, 2)

    def backward(self, dout):
        f = len(self.b)
        d = dout.reshape(-1, f)
        self.db = d.sum(axis=0)
        self.dW = (d.T @ self.cols).reshape(self.W.shape)
        return col2im(d @ self.W.reshape(f, -1), self.shape, self.k)


class ReLU:
    def forward(self, x):
        self.on = x > 0
        return x * self.on

    def backward(self, dout):
        return dout * self.on


class AvgPool:
    def forward(self, x):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))

    def backward(self, dout):
        return dout.repeat(2, axis=2).repeat(2, axis=3) / 4


class Linear:
    def __init__(self, n, m, rng):
        self.W = rng.normal(0, np.sqrt(1 / n), (n, m))
        self.b = np.zeros(m)

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.shape)


class ConvNet:
    def __init__(self, image, filters, classes, seed=0):
        rng = np.random.default_rng(seed)
        c, h, w = image
        flat = filters * ((h - 2) // 2) * ((w - 2) // 2)
        self.layers = [Conv(c, filters, 3, rng), ReLU(), AvgPool(), Linear(flat, classes, rng)]

    def loss(self, x, y):
        for layer in self.layers:
            x = layer.forward(x)
        x = x - x.max(axis=1, keepdims=True)
        self.logp = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
        return -self.logp[np.arange(len(y)), y].mean()

    def backward(self, y):
        d = np.exp(self.logp)
        d[np.arange(len(y)), y] -= 1
        d /= len(y)
        for layer in reversed(self.layers):
            d = layer.backward(d)
        return d
