import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class Dense:
    def __init__(self, n_in, n_out, rng=None):
        rng = rng or np.random.RandomState(0)
        self.W = rng.randn(n_in, n_out) * np.sqrt(2.0 / n_in)
        self.b = np.zeros(n_out)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return np.matmul(x, self.W) + self.b

    def backward(self, grad):
        self.dW = np.matmul(self.x.T, grad)
        self.db = np.sum(grad, axis=0)
        return np.matmul(grad, self.W.T)


class Swish:
    """y = x * sigmoid(beta * x), beta is trained too."""

    def __init__(self, beta=1.0):
        self.beta = np.array([beta])
        self.dbeta = np.zeros(1)

    def forward(self, x):
        self.x = x
        self.s = sigmoid(self.beta * x)
        return x * self.s

    def backward(self, grad):
        x, s = self.x, self.s
        ds = s * (1 - s)
        self.dbeta = np.array([np.sum(grad * x * x * ds)])
        return grad * (s + self.beta * x * ds)


if __name__ == "__main__":
    layers = [Dense(4, 8), Swish(), Dense(8, 2)]
    h = np.random.randn(6, 4)
    for l in layers:
        h = l.forward(h)
    g = np.ones_like(h)
    for l in reversed(layers):
        g = l.backward(g)
    print(g.shape)
