"""Gradients that stay on an object whose backward pass gives something else."""

import pytest

from support.recognising import row_and_check

KEPT = """
import numpy as np
class Net:
    def __init__(self, sizes):
        self.W = [np.random.randn(b, a) for a, b in zip(sizes, sizes[1:])]
        self.cache, self.grads = {}, {}
    def forward(self, X):
        self.cache["A0"] = X
        for i, w in enumerate(self.W):
            X = 1 / (1 + np.exp(-w @ X))
            self.cache["A" + str(i + 1)] = X
        return X
    def compute_cost(self, A, Y):
        return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.shape[1]
    def backward(self, A, Y):
        G = A - Y
        for i in range(len(self.W) - 1, -1, -1):
            self.grads["W" + str(i)] = G @ self.cache["A" + str(i)].T / Y.shape[1]
            A = self.cache["A" + str(i)]
            G = (self.W[i].T @ G) * A * (1 - A)
        return G
"""


@pytest.mark.parametrize(
    ("line", "verdict"), [("A * (1 - A)\n        return", "right"), ("A\n        return", "wrong")]
)
def test_gradients_on_the_object_beside_that_of_the_inputs(line, verdict):
    text = KEPT.replace("A * (1 - A)\n        return", line)
    _, outcome = row_and_check(text)
    assert outcome.verdict == verdict


ADDED = """
import numpy as np
class Net:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out) * 0.1, np.zeros(n_out)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
    def probabilities(self, X):
        e = np.exp(X @ self.W + self.b)
        return e / e.sum(axis=1, keepdims=True)
    def loss(self, X, y):
        return -np.mean(np.log(self.probabilities(X)[np.arange(len(y)), y]))
    def zero_grad(self):
        self.dW[:], self.db[:] = 0, 0
    def backward(self, X, y):
        G = self.probabilities(X)
        G[np.arange(len(y)), y] -= 1
        self.dW += X.T @ G / len(y)
        self.db += G.sum(axis=0) / len(y)
"""
IN_LAYERS = """
import numpy as np
class Linear:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW += self.x.T @ dout
        self.db += dout.sum(axis=0)
        return dout @ self.W.T
class Net:
    def __init__(self, sizes):
        self.layers = [Linear(a, b) for a, b in zip(sizes, sizes[1:])]
    def loss(self, x, y):
        for layer in self.layers:
            x = np.tanh(layer.forward(x))
            layer.out = x
        self.diff = (x - y) / len(y)
        return 0.5 * np.sum((x - y) ** 2) / len(y)
    def backward(self):
        g = self.diff
        for layer in reversed(self.layers):
            g = layer.backward(g * (1 - layer.out ** 2))
        return g
"""


@pytest.mark.parametrize("text", [ADDED, IN_LAYERS])
def test_gradients_that_are_added_up_from_call_to_call_begin_at_0(text):
    _, outcome = row_and_check(text)
    assert outcome.verdict == "right"
    wrong = text.replace("self.dW += ", "self.dW += 2 * ")
    assert wrong != text
    assert row_and_check(wrong)[1].verdict == "wrong"
