import numpy as np


class Layer:
    params = ()

    def update(self, lr):
        for name in self.params:
            value = getattr(self, name)
            value -= lr * getattr(self, "grad_" + name)


class FullyConnected(Layer):
    params = ("weights", "bias")

    def __init__(self, n_in, n_out):
        self.weights = np.random.uniform(-0.7, 0.7, (n_in, n_out))
        self.bias = np.random.uniform(-0.7, 0.7, (1, n_out))

    def forward(self, data):
        self.input = data
        return np.dot(data, self.weights) + self.bias

    def backward(self, error):
        self.grad_weights = np.dot(self.input.T, error)
        self.grad_bias = error.sum(axis=0, keepdims=True)
        return np.dot(error, self.weights.T)


class Activation(Layer):
    def __init__(self, function, derivative):
        self.function, self.derivative = function, derivative

    def forward(self, data):
        self.input = data
        return self.function(data)

    def backward(self, error):
        return error * self.derivative(self.input)


def tanh_prime(x):
    return 1 - np.tanh(x) ** 2


def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_prime(x):
    return logistic(x) * (1 - logistic(x))


class Network:
    def __init__(self, layers):
        self.layers = layers

    def predict(self, data):
        for layer in self.layers:
            data = layer.forward(data)
        return data

    def loss(self, data, target):
        return np.mean((target - self.predict(data)) ** 2)

    def backward(self, data, target):
        error = 2 * (self.predict(data) - target) / target.size
        for layer in reversed(self.layers):
            error = layer.backward(error)
        return error


def build(n_in, n_hidden, n_out):
    return Network([
        FullyConnected(n_in, n_hidden), Activation(np.tanh, tanh_prime),
        FullyConnected(n_hidden, n_hidden), Activation(logistic, logistic_prime),
        FullyConnected(n_hidden, n_out),
    ])


if __name__ == "__main__":
    np.random.seed(2)
    x = np.random.randn(20, 3)
    t = x[:, :1] * x[:, 1:2]
    net = build(3, 6, 1)
    for epoch in range(200):
        net.backward(x, t)
        for layer in net.layers:
            layer.update(0.2)
    print("mse", net.loss(x, t))
