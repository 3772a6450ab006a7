"""Training with minibatches."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise
from support.recognising import loaded

NET = """
import numpy as np

class Net:
    def __init__(self, d, K, lam=0.1, lr=0.01):
        self.W, self.b = np.random.randn(d, K), np.zeros(K)
        self.lam, self.lr = lam, lr

    def compute_cost(self, X, y, W, b):
        S = X @ W + b
        P = np.exp(S) / np.sum(np.exp(S), axis=1, keepdims=True)
        return -np.mean(np.log(P[np.arange(len(X)), y])) + self.lam / (2 * len(X)) * np.sum(W**2)

    def train(self, X, y, epochs=3, batch_size=32):
        N = len(X)
        for _ in range(epochs):
            order = np.random.permutation(N)
            X_new, y_new = X[order], y[order]
            for i in range(0, N, batch_size):
                X_batch = X_new[i:i + batch_size]
                y_batch = y_new[i:i + batch_size]
                n = len(X_batch)
                self.cost = self.compute_cost(X_batch, y_batch, self.W, self.b)
                S = X_batch @ self.W + self.b
                G = np.exp(S) / np.sum(np.exp(S), axis=1, keepdims=True)
                G[np.arange(n), y_batch] -= 1
                self.W -= self.lr * (X_batch.T @ G / n + self.lam / n * self.W)
                self.b -= self.lr * G.sum(axis=0) / n
"""


def of_batches(text: str):
    file, names = loaded(text)
    row, *_ = recognise(file, names, seed=0)
    variants = [variant for variant in row.variants if variant.value == "a minibatch"]
    return [check(declared(v.text, names, np.random.default_rng(0)), explained=False).right for v in variants]


@pytest.mark.parametrize(("divisor", "right"), [("n", True), ("N", False)])
def test_a_step_is_held_against_the_cost_of_its_minibatch(divisor, right):
    assert of_batches(NET.replace("self.lam / n *", f"self.lam / {divisor} *")) == [right]


def test_of_a_cost_of_all_samples_a_minibatch_need_not_be_that():
    assert of_batches(NET.replace("self.compute_cost(X_batch, y_batch,", "self.compute_cost(X, y,")) == []
