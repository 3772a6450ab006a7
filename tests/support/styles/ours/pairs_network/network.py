"""A network that learns from a list of (x, y) pairs."""
import random

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    s = sigmoid(z)
    return s * (1 - s)


class Network(object):

    def __init__(self, sizes):
        self.num_layers = len(sizes)
        self.sizes = sizes
        self.biases = [np.random.randn(n, 1) for n in sizes[1:]]
        self.weights = [np.random.randn(n, m) for m, n in zip(sizes[:-1], sizes[1:])]

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = sigmoid(np.dot(w, a) + b)
        return a

    def total_cost(self, data):
        cost = 0.0
        for x, y in data:
            cost += 0.5 * np.sum((self.feedforward(x) - y) ** 2)
        return cost / len(data)

    def gradient(self, data):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in data:
            delta_b, delta_w = self.backprop(x, y)
            nabla_b = [nb + db / len(data) for nb, db in zip(nabla_b, delta_b)]
            nabla_w = [nw + dw / len(data) for nw, dw in zip(nabla_w, delta_w)]
        return nabla_w, nabla_b

    def backprop(self, x, y):
        grad_b = [None] * (self.num_layers - 1)
        grad_w = [None] * (self.num_layers - 1)
        outputs, sums = [x], []
        for b, w in zip(self.biases, self.weights):
            sums.append(np.dot(w, outputs[-1]) + b)
            outputs.append(sigmoid(sums[-1]))
        delta = (outputs[-1] - y) * sigmoid_prime(sums[-1])
        grad_b[-1] = delta
        grad_w[-1] = np.dot(delta, outputs[-2].T)
        for back in range(2, self.num_layers):
            delta = np.dot(self.weights[-back + 1].T, delta) * sigmoid_prime(sums[-back])
            grad_b[-back] = delta
            grad_w[-back] = np.dot(delta, outputs[-back - 1].T)
        return grad_b, grad_w

    def sgd(self, training_data, epochs, mini_batch_size, eta):
        for _ in range(epochs):
            random.shuffle(training_data)
            for k in range(0, len(training_data), mini_batch_size):
                grads_w, grads_b = self.gradient(training_data[k:k + mini_batch_size])
                self.weights = [w - eta * g for w, g in zip(self.weights, grads_w)]
                self.biases = [b - eta * g for b, g in zip(self.biases, grads_b)]
