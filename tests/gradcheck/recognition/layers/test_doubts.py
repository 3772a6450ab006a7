"""What does not agree, and may be right all the same."""

import pytest

from chainrule.gradcheck.recognition.layers.doubts import OF_SCORES
from support.layers import checked, read
from support.recognising import rows

LOSS = """
def loss_and_grads(W, b, X, Y):
    P = X @ W + b
    G = (P - Y) / len(X)
    dW, db = X.T @ G, G.sum(axis=0)
    return 0.5 * ((P - Y) ** 2).sum() / len(X), dW, db
"""


def test_a_gradient_that_is_clipped_is_not_convicted():
    clipped = LOSS.replace(
        "    return", "    dW, db = np.clip(dW, -0.01, 0.01), np.clip(db, -0.01, 0.01)\n    return"
    )
    assert checked(LOSS)[0].right
    (reading,), _ = read(clipped)
    assert not reading.text
    assert "clipped to [-0.01, 0.01]" in reading.why


LOSSES = """
import numpy as np

class Losses:
    def cross_entropy(self, p, targets):
        loss = -np.sum(targets * np.log(p)) / len(p)
        grad = FACTOR * (p - targets)
        return loss, grad

    def squared(self, p, targets):
        loss = np.sum((targets - p) ** 2)
        grad = 2 * (p - targets)
        return loss, grad
"""


@pytest.mark.parametrize("factor", ["5", "2 / len(p)"])
def test_what_is_meant_for_the_scores_before_a_softmax_is_not_convicted_and_is_named(factor):
    of_scores, squared = sorted(rows(LOSSES.replace("FACTOR", factor)), key=lambda row: row.gradient)
    assert (of_scores.text, of_scores.doubt) == ("", OF_SCORES)
    assert squared.text


def test_a_wrong_factor_of_a_squared_error_is_none_of_these():
    _, squared = sorted(
        rows(LOSSES.replace("2 * (p", "(p").replace("FACTOR", "1")), key=lambda row: row.gradient
    )
    assert squared.text


ENDING = """
class Dense:
    def __init__(self, n_in, n_out, kind):
        self.W, self.b, self.kind = np.random.randn(n_in, n_out), np.zeros(n_out), kind
    def forward(self, x):
        self.x, z = x, x @ self.W + self.b
        if self.kind == "relu":
            self.slope = z > 0
            return z * self.slope
        if self.kind == "softmax":
            self.slope = 1
            return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    def backward(self, d):
        d = d * self.slope
        self.dW, self.db = self.x.T @ d, d.sum(axis=0)
        return d @ self.W.T
"""


def test_a_softmax_that_is_left_to_the_loss_convicts_no_layer():
    outcome, reading = checked(ENDING)
    assert outcome.right
    (variant,) = reading.variants
    assert not variant.text
    (reading,), _ = read(ENDING.replace('if self.kind == "relu"', "if False"))
    assert "handed on" in reading.why
    (reading,), _ = read(ENDING.replace("z > 0", "1").replace('"softmax"', '"never"'))
    assert reading.text
