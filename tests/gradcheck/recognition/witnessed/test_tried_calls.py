"""The ways in which a call that the file makes is tried."""

import pytest

from support.witnessing import found, verdict_of

SINGLE = """
import numpy as np

class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.random.randn(1, n_out)
    def onwards(self, x):
        self.x = x
        self.a = np.tanh(x @ self.W + self.b)
        return self.a
    def back(self, e, rate):
        d = e * (1 - self.a ** 2)
        before = d @ self.W.T
        self.W -= rate * self.x.T @ d
        self.b -= rate * d
        return before

def squared(t, y):
    return np.mean((t - y) ** 2)

class Net:
    def __init__(self, *layers):
        self.layers = layers
    def fit(self, X, Y, epochs, learning_rate):
        for epoch in range(epochs):
            err = 0
            for i in range(len(X)):
                out = X[i]
                for layer in self.layers:
                    out = layer.onwards(out)
                err += squared(Y[i], out)
                e = 2 * (out - Y[i]) / Y[i].size
                for layer in self.layers[::-1]:
                    e = layer.back(e, learning_rate)
            print(epoch, err / len(X))

r = np.random.default_rng(0)
Net(Dense(3, 4), Dense(4, 2)).fit(r.normal(size=(5, 1, 3)), r.normal(size=(5, 1, 2)), 3, 0.1)
"""


def rows_of(text):
    rows, namespace = found(text)
    return [(row, verdict_of(row, namespace)) for row in rows if row.gradient == "Net.fit"]


def test_a_training_that_steps_for_each_sample_is_checked_with_one_of_them():
    ((row, verdict),) = rows_of(SINGLE)
    assert verdict == "right"
    assert row.cost == "err of Net.fit"
    assert "sample=" in row.text
    assert not row.unchecked


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("self.layers[::-1]", "self.layers"),
        ("2 * (out - Y[i])", "(out - Y[i])"),
        ("1 - self.a ** 2", "1 - np.tanh(self.a) ** 2"),
        ("self.x.T @ d", "self.x.T @ e"),
    ],
)
def test_one_that_is_wrong_is_never_called_right(part, wrong):
    assert SINGLE.count(part) == 1
    assert all(verdict != "right" for _, verdict in rows_of(SINGLE.replace(part, wrong)))


def test_one_step_with_all_samples_is_not_checked_with_one_of_them():
    text = SINGLE.replace("for i in range(len(X)):", "for _ in range(1):").replace("X[i]", "X[:, 0]")
    text = text.replace("Y[i]", "Y[:, 0]").replace("rate * d", "rate * d.sum(axis=0)")
    ((row, verdict),) = rows_of(text.replace("err / len(X)", "err"))
    assert "sample=" not in row.text
    assert verdict == "right"
