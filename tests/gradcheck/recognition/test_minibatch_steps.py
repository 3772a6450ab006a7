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


STEP = "self.W -= self.lr * (X_batch.T @ G / n + self.lam / n * self.W)"
BIAS = "self.b -= self.lr * G.sum(axis=0) / n"
SLICES = "for i in range(0, N, batch_size):"


@pytest.mark.parametrize(
    "changes",
    [
        {STEP: STEP.replace("W -=", "vW = 0.9 * self.vW +") + "; self.W -= self.vW",
         BIAS: BIAS.replace("b -=", "vb = 0.9 * self.vb +") + "; self.b -= self.vb",
         "N = len(X)": "N = len(X); self.vW, self.vb = 0 * self.W, 0 * self.b"},
        {BIAS: f"{BIAS}; lr *= 0.99", "N = len(X)": "N, lr = len(X), self.lr", "self.lr *": "lr *"},
        {SLICES: "for i in [0]:"},
    ],
    ids=["velocity", "decay", "one drawn"],
)  # fmt: skip
def test_where_steps_are_not_counted_by_minibatches_nothing_is_held_against_them(changes):
    text = NET
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    assert of_batches(text) == []


def test_the_part_that_the_cost_is_of_is_the_one_that_the_step_takes():
    text = NET.replace("(X_batch, y_batch, self.W", "(X[:9], y[:9], self.W")
    assert of_batches(text.replace("self.lam / n *", "self.lam / N *")) == []


def test_of_a_cost_of_all_samples_a_minibatch_need_not_be_that():
    assert of_batches(NET.replace("self.compute_cost(X_batch, y_batch,", "self.compute_cost(X, y,")) == []
