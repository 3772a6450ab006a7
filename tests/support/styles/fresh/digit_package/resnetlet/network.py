"""A stack of residual blocks between two dense layers.

    python -m resnetlet.network        trains on digits.npz
"""
import numpy as np

from .layers import Dense, Residual
from .losses import CrossEntropy


class ResidualNet:
    def __init__(self, n_features, width, n_blocks, n_classes, seed=0):
        rng = np.random.default_rng(seed)
        self.layers = [Dense(n_features, width, rng)]
        self.layers += [Residual(width, rng) for _ in range(n_blocks)]
        self.layers += [Dense(width, n_classes, rng)]
        self.criterion = CrossEntropy()

    def scores(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, labels):
        return self.criterion(self.scores(x), labels)

    def gradients(self, x, labels):
        """List of (dW, db), one pair for each layer."""
        self.loss(x, labels)
        d = self.criterion.grad()
        for layer in reversed(self.layers):
            d = layer.backward(d)
        return [(layer.dW, layer.db) for layer in self.layers]

    def step(self, x, labels, lr):
        for layer, (dW, db) in zip(self.layers, self.gradients(x, labels)):
            layer.W -= lr * dW
            layer.b -= lr * db


def main():
    archive = np.load("digits.npz")
    x, labels = archive["pixels"] / 16.0, archive["digit"]
    net = ResidualNet(x.shape[1], 48, 3, int(labels.max()) + 1)
    rng = np.random.default_rng(5)
    for epoch in range(25):
        for chunk in np.array_split(rng.permutation(len(x)), 30):
            net.step(x[chunk], labels[chunk], lr=0.1)
        wrong = np.mean(net.scores(x).argmax(1) != labels)
        print("%3d  loss %.4f  error %.3f" % (epoch, net.loss(x, labels), wrong))


if __name__ == "__main__":
    main()
