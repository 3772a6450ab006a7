import numpy as np
from load import mnist


class Layer:
    def __init__(self, n_in, n_out, activation):
        self.w = np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)
        self.b = np.zeros(n_out)
        self.activation = activation

    def forward(self, X):
        self.X = X
        self.z = X @ self.w + self.b
        if self.activation == "relu":
            self.a = np.maximum(self.z, 0)
        elif self.activation == "softmax":
            e = np.exp(self.z - self.z.max(axis=1, keepdims=True))
            self.a = e / e.sum(axis=1, keepdims=True)
        return self.a


class Network:
    def __init__(self, n_inputs, lr=0.1):
        self.layers = []
        self.width = n_inputs
        self.lr = lr

    def add_layer(self, n, activation="relu"):
        self.layers.append(Layer(self.width, n, activation))
        self.width = n

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def loss(self, X, y):
        p = self.forward(X)
        return -np.mean(np.log(p[np.arange(len(y)), y]))

    def backward(self, X, y):
        delta = self.forward(X).copy()
        delta[np.arange(len(y)), y] -= 1
        delta /= len(y)
        for layer in reversed(self.layers):
            if layer.activation == "relu":
                delta = delta * (layer.z > 0)
            layer.dw = layer.X.T @ delta
            layer.db = delta.sum(axis=0)
            delta = delta @ layer.w.T

    def step(self):
        for layer in self.layers:
            layer.w -= self.lr * layer.dw
            layer.b -= self.lr * layer.db


def main():
    X, y = mnist()
    net = Network(784)
    net.add_layer(128)
    net.add_layer(64, activation="relu")
    net.add_layer(10, "softmax")
    for epoch in range(10):
        net.backward(X, y)
        net.step()
        print(net.loss(X, y))


if __name__ == "__main__":
    main()
