import numpy as np


class DropoutNet:
    def __init__(self, sizes, rate=0.4, seed=11):
        rs = np.random.RandomState(seed)
        self.rate = rate
        self.layers = [(rs.randn(a, b) / np.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]
        self.masks = None

    def draw_masks(self, n, rs):
        self.masks = [(rs.random_sample((n, W.shape[1])) > self.rate) / (1 - self.rate) for W, _ in self.layers[:-1]]

    def forward(self, x):
        inputs, relus = [], []
        for (W, b), mask in zip(self.layers[:-1], self.masks):
            inputs.append(x)
            z = x @ W + b
            relus.append(z > 0)
            x = np.where(z > 0, z, 0) * mask
        inputs.append(x)
        W, b = self.layers[-1]
        out = x @ W + b
        out = np.exp(out - out.max(axis=1, keepdims=True))
        return inputs, relus, out / out.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        probs = self.forward(x)[-1]
        return -np.mean(np.log(np.sum(probs * t, axis=1)))

    def gradients(self, x, t):
        inputs, relus, probs = self.forward(x)
        delta = (probs - t) / len(x)
        grads = []
        for i in range(len(self.layers) - 1, -1, -1):
            grads.append((inputs[i].T @ delta, delta.sum(axis=0)))
            if i:
                delta = delta @ self.layers[i][0].T
                delta = delta * self.masks[i - 1] * relus[i - 1]
        return grads[::-1]
