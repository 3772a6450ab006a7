"""Three-layer perceptron in one class."""
import numpy as np


class MLP:
    def __init__(self, n_in, n_hidden, n_out, seed=42):
        rng = np.random.default_rng(seed)
        self.W1 = rng.standard_normal((n_in, n_hidden)) / np.sqrt(n_in)
        self.b1 = np.zeros(n_hidden)
        self.W2 = rng.standard_normal((n_hidden, n_hidden)) / np.sqrt(n_hidden)
        self.b2 = np.zeros(n_hidden)
        self.W3 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
        self.b3 = np.zeros(n_out)

    def forward(self, X):
        self.X = X
        self.h1 = np.tanh(X @ self.W1 + self.b1)
        self.h2 = np.tanh(self.h1 @ self.W2 + self.b2)
        logits = self.h2 @ self.W3 + self.b3
        logits = logits - logits.max(axis=1, keepdims=True)
        exps = np.exp(logits)
        self.probs = exps / exps.sum(axis=1, keepdims=True)
        return self.probs

    def loss(self, X, y):
        probs = self.forward(X)
        return -np.log(probs[np.arange(len(y)), y]).mean()

    def backward(self, y):
        """Call after forward; stores dW1 ... db3."""
        batch = len(y)
        d3 = self.probs.copy()
        d3[np.arange(batch), y] -= 1
        d3 /= batch
        self.dW3 = self.h2.T @ d3
        self.db3 = d3.sum(axis=0)
        d2 = d3 @ self.W3.T * (1 - self.h2 ** 2)
        self.dW2 = self.h1.T @ d2
        self.db2 = d2.sum(axis=0)
        d1 = d2 @ self.W2.T * (1 - self.h1 ** 2)
        self.dW1 = self.X.T @ d1
        self.db1 = d1.sum(axis=0)

    def step(self, lr):
        for name in ("W1", "b1", "W2", "b2", "W3", "b3"):
            setattr(self, name, getattr(self, name) - lr * getattr(self, "d" + name))


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X = rng.standard_normal((32, 5))
    y = (X[:, 0] > 0).astype(int)
    net = MLP(5, 8, 2)
    for epoch in range(50):
        cost = net.loss(X, y)
        net.backward(y)
        net.step(0.5)
    print(cost)
