"""Gradients that nobody gives: a method keeps the step that it makes of them on its object."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed.own_step import OwnStep
from support.witnessing import found, verdict

ROLLING = """
import numpy as np

class Slope:
    def __init__(self, d, k, eta=0.05, mu=0.8):
        self.eta, self.mu = eta, mu
        self.W, self.b = np.random.randn(k, d), np.zeros((k, 1))
        self.W_rolled, self.b_rolled = np.zeros_like(self.W), np.zeros_like(self.b)

    def shares(self, X, W, b):
        e = np.exp(W @ X + b)
        return e / e.sum(axis=0)

    def computeCost(self, X, Y, W, b):
        return -np.log((Y * self.shares(X, W, b)).sum(axis=0)).mean()

    def compute_gradients(self, X, Y, W, b):
        G = (self.shares(X, W, b) - Y) / X.shape[1]
        self.W_rolled = self.mu * self.W_rolled + self.eta * (G @ X.T)
        self.b_rolled = self.mu * self.b_rolled + self.eta * G.sum(axis=1, keepdims=True)

    def fit(self, X, Y):
        for _ in range(3):
            self.compute_gradients(X, Y, self.W, self.b)
            self.W -= self.W_rolled
            self.b -= self.b_rolled
        print(self.computeCost(X, Y, self.W, self.b))

X, Y = np.random.randn(5, 9), np.eye(4)[np.arange(9) % 4].T
slope = Slope(5, 4)
slope.fit(X, Y)
"""
DOWNHILL = (
    ROLLING.replace("+ self.eta *", "- self.eta *")
    .replace("self.W -= ", "self.W += ")
    .replace("self.b -= ", "self.b += ")
)
DECAYING = ROLLING.replace("self.eta * (G @ X.T)", "self.eta * (G @ X.T + self.decay * W)").replace(
    "self.eta, self.mu = eta", "self.decay, self.eta, self.mu = 0.01, eta"
)
ROOTED = ROLLING.replace(
    "self.W -= self.W_rolled", "self.W -= self.W_rolled / np.sqrt(1 + abs(self.W_rolled))"
)


@pytest.mark.parametrize("text", [ROLLING, DOWNHILL])
def test_a_step_that_is_kept_is_the_gradient_times_the_rate(text):
    assert verdict(text) == "right"
    assert verdict(text.replace("(G @ X.T)", "(2 * G @ X.T)")) == "wrong"
    assert verdict(text.replace(" / X.shape[1]", "")) == "wrong"


@pytest.mark.parametrize("text", [DECAYING, ROOTED])
def test_a_step_that_may_be_meant_otherwise_convicts_nobody(text):
    rows, _ = found(text)
    assert not rows


def test_a_step_is_taken_as_it_is_where_one_array_has_gone_all_of_it():
    step, W = np.array([1.0, -2.0]), np.array([3.0, 4.0])
    place = ArrayPlace("own.W", "W", W)
    assert OwnStep({"W": W - step}).takes_as_it_is(step, [place]) == -1
    assert OwnStep({"W": W + step}).takes_as_it_is(step, [place]) == 1
    assert OwnStep({"W": W - step / 2}).takes_as_it_is(step, [place]) == 0
