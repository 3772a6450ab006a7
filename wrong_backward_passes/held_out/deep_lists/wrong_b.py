import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def feedforward(weights, biases, x):
    a = x
    for w, b in zip(weights, biases):
        a = sigmoid(np.dot(w, a) + b)
    return a


def quadratic_cost(weights, biases, x, y):
    return 0.5 * np.sum((feedforward(weights, biases, x) - y) ** 2)


def backprop(weights, biases, x, y):
    """Gradients for one example, x and y column vectors; lists like weights and biases."""
    activation = x
    activations = [x]
    zs = []
    for w, b in zip(weights, biases):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)

    nabla_w = [None] * len(weights)
    nabla_b = [None] * len(biases)
    delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
    for layer in range(len(weights) - 1, -1, -1):
        nabla_b[layer] = delta
        nabla_w[layer] = np.dot(delta, activations[layer].T)
        if layer > 0:
            delta = np.dot(weights[layer].T, delta) * sigmoid_prime(activations[layer])
    return nabla_w, nabla_b
