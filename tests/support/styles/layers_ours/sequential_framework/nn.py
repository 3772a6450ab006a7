import numpy as np


class Layer:
    def params(self):
        return []

    def zero_grad(self):
        for p in self.params():
            p.grad[...] = 0


class Param:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear(Layer):
    """out = x W^T + b with W of shape (n_out, n_in)."""

    def __init__(self, n_in, n_out, rng):
        self.W = Param(rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)))
        self.b = Param(np.zeros(n_out))

    def params(self):
        return [self.W, self.b]

    def forward(self, x):
        self.x = x
        return x @ self.W.data.T + self.b.data

    def backward(self, g):
        self.W.grad += g.T @ self.x
        self.b.grad += g.sum(0)
        return g @ self.W.data


class ReLU(Layer):
    def forward(self, x):
        self.on = x > 0
        return np.where(self.on, x, 0)

    def backward(self, g):
        return np.where(self.on, g, 0)


class Tanh(Layer):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, g):
        return g * (1 - self.y * self.y)


class Sequential(Layer):
    def __init__(self, *layers):
        self.layers = layers

    def params(self):
        return [p for l in self.layers for p in l.params()]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, g):
        for layer in reversed(self.layers):
            g = layer.backward(g)
        return g


class CrossEntropy:
    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        self.logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.labels = labels
        return -self.logp[np.arange(len(labels)), labels].mean()

    def backward(self):
        n = len(self.labels)
        g = np.exp(self.logp)
        g[np.arange(n), self.labels] -= 1
        return g / n


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    net = Sequential(Linear(2, 16, rng), ReLU(), Linear(16, 8, rng), Tanh(), Linear(8, 2, rng))
    x = rng.normal(size=(200, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    crit = CrossEntropy()
    for step in range(300):
        net.zero_grad()
        loss = crit.forward(net.forward(x), y)
        net.backward(crit.backward())
        for p in net.params():
            p.data -= 0.5 * p.grad
    print("loss", loss)
