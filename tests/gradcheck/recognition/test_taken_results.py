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
