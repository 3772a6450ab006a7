"""Parameters that an object holds twice."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from support.recognising import loaded, recognised

NET = """
import numpy as np

class Net:
    def __init__(self, d, K, lam=0.1):
        self.W = np.random.randn(K, d)
        self.b = np.zeros((K, 1))
        self.lam = lam
        self.params = {"W": self.W, "b": self.b}

    def compute_cost(self, X, Y):
        return np.sum((self.W @ X + self.b - Y) ** 2) / X.shape[1] + self.lam * np.sum(self.W**2)

    def compute_gradients(self, X, Y):
        G = 2 * (self.W @ X + self.b - Y) / X.shape[1]
        return {"W": G @ X.T + 2 * self.lam * self.W, "b": G.sum(axis=1, keepdims=True)}

    def compute_gradients_num(self, X, Y, h=1e-5):
        slopes = {}
        for name in ("W", "b"):
            values = self.params[name]
            slopes[name] = np.zeros_like(values)
            for i in range(values.size):
                before = values.flat[i]
                values.flat[i] = before + h
                above = self.compute_cost(X, Y)
                values.flat[i] = before - h
                slopes[name].flat[i] = (above - self.compute_cost(X, Y)) / (2 * h)
                values.flat[i] = before
        return slopes
"""


@pytest.mark.parametrize(
    ("holding", "held"),
    [
        ('self.params = {"W": self.W, "b": self.b}', "params={'W': W, 'b': b}"),
        ('self.params = {"W": self.W, "b": self.b, "rate": 0.1}', "params={**net.params, 'W': W, 'b': b}"),
        (
            'self.params = {}; self.params["W"] = self.W; self.params["b"] = self.b',
            "params={**net.params, 'W': W, 'b': b}",
        ),
    ],
)
def test_what_holds_the_parameters_a_second_time_holds_those_that_are_put_there(holding, held):
    assert held in recognised(NET.replace('self.params = {"W": self.W, "b": self.b}', holding)).text


def test_an_array_that_is_another_later_is_no_longer_held():
    assert (
        "params={**net.params, 'b': b}"
        in recognised(NET.replace("    def c", "        self.W = self.W * 2\n\n    def c", 1)).text
    )


def test_a_numeric_check_that_moves_them_there_is_right():
    _, names = loaded(NET)
    row = recognised(NET)
    assert check(declared(row.text, names, np.random.default_rng(0))).causes == ()


def test_what_nothing_reads_is_left_as_it_is():
    assert (
        "params"
        not in recognised(NET.partition("    def compute_gradients_num")[0]).text.partition("vars")[2]
    )
