import numpy as np

from . import activations as act
from .losses import cross_entropy, weight_penalty


class Model:
    """Fully connected, ReLU between, softmax at the end."""

    def __init__(self, layer_sizes, weight_decay=1e-3, seed=0):
        rng = np.random.default_rng(seed)
        self.weight_decay = weight_decay
        self.weights = []
        self.biases = []
        for fan_in, fan_out in zip(layer_sizes, layer_sizes[1:]):
            self.weights.append(rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out)))
            self.biases.append(np.zeros(fan_out))

    def forward(self, inputs):
        outputs, sums = [inputs], []
        for w, b in zip(self.weights[:-1], self.biases[:-1]):
            sums.append(outputs[-1] @ w + b)
            outputs.append(act.relu(sums[-1]))
        return outputs, sums, act.softmax(outputs[-1] @ self.weights[-1] + self.biases[-1])

    def loss(self, inputs, targets):
        probs = self.forward(inputs)[-1]
        return cross_entropy(probs, targets) + weight_penalty(self.weights, self.weight_decay)

    def gradients(self, inputs, targets):
        outputs, sums, probs = self.forward(inputs)
        error = (probs - targets) / len(inputs)
        grad_w, grad_b = [], []
        for layer in reversed(range(len(self.weights))):
            grad_w.append(outputs[layer].T @ error + self.weight_decay * self.weights[layer])
            grad_b.append(error.sum(axis=0))
            if layer:
                error = (error @ self.weights[layer].T) * act.relu_grad(sums[layer - 1])
        return grad_w[::-1], grad_b[::-1]
