import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(1.0 / n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T


class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, grad):
        return grad * (1 - self.y ** 2)


class SoftmaxLoss:
    def forward(self, scores, y):
        scores = scores - scores.max(axis=1, keepdims=True)
        self.p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        self.y = y
        return -np.log(self.p[np.arange(len(y)), y]).mean()

    def backward(self):
        g = self.p.copy()
        g[np.arange(len(self.y)), self.y] -= 1
        return g / len(self.y)


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        self.layers = [Dense(n_in, n_hidden), Tanh(), Dense(n_hidden, n_out)]
        self.criterion = SoftmaxLoss()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, y):
        return self.criterion.forward(self.forward(x), y)

    def backward(self, x, y):
        self.loss(x, y)
        grad = self.criterion.backward()
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return [(layer.dW, layer.db) for layer in self.layers if isinstance(layer, Dense)]
