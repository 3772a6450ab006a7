"""Copies of parameters that an object begins with."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.held_copies import copies
from support.layers import checked, read
from support.recognising import recognised

LAYER = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.turned = np.ascontiguousarray(self.W.T)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.turned
"""

NET = """
import numpy as np

class Net:
    def __init__(self, n_in, n_hidden, n_out):
        self.W1, self.W2 = np.random.randn(n_in, n_hidden), np.random.randn(n_hidden, n_out)
        self.best = self.W2.copy()
    def loss(self, X, y):
        return 0.5 * np.sum((np.tanh(X @ self.W1) @ self.W2 - y) ** 2) / len(X)
    def gradient(self, X, y):
        h = np.tanh(X @ self.W1)
        d = (h @ self.W2 - y) / len(X)
        return {"W1": X.T @ ((d @ self.best.T) * (1 - h**2)), "W2": h.T @ d}
"""


ANCHORED = """
import numpy as np

class Net:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.anchor = self.W.copy()
    def loss(self, X, Y):
        return 0.5 * np.sum((X @ self.W - Y) ** 2) / len(X) + 0.05 * np.sum((self.W - self.anchor) ** 2)
    def gradients(self, X, Y):
        return X.T @ (X @ self.W - Y) / len(X) + 0.1 * (self.W - self.anchor)
"""

OF_ARRAYS = np.empty(2, dtype=object)
OF_ARRAYS[:] = [np.ones(3), np.ones(2)]


@pytest.mark.parametrize(
    "other", [np.zeros((3, 2)), np.ones((3, 2)), np.arange(6.0).reshape(3, 2), 3.0, OF_ARRAYS]
)
def test_what_is_all_alike_or_another_is_none(other):
    assert copies({"other": other}, {"W": np.arange(6.0).reshape(2, 3), "V": np.zeros((3, 2))}) == []


def test_a_layer_that_reads_one_is_not_convicted():
    (reading,), _ = read(LAYER)
    assert not reading.text
    assert "it reads turned, which begins as a copy of W" in reading.why
    assert checked(LAYER.replace("dout @ self.turned", "2 * dout @ self.W.T"))[0].verdict == "wrong"
    assert checked(LAYER.replace("dout @ self.turned", "dout @ self.W.T"))[0].right


def test_nor_is_a_net():
    assert "it reads best, which begins as a copy of W2" in recognised(NET).doubt
    assert not recognised(NET.replace("self.best.T", "self.W2.T")).doubt
    assert not recognised(NET.replace("self.best.T", "2 * self.W2.T")).doubt
    held = NET.replace("self.best.T", "self.W2.T").replace("- y)", "- y - h0 @ self.best)")
    held = held.replace("    h = ", "    h0 = np.tanh(X)[:, :1] + np.zeros((1, len(self.W2)))\n        h = ")
    held = held.replace(
        "    return 0.5", "    h0 = np.tanh(X)[:, :1] + np.zeros((1, len(self.W2)))\n        return 0.5"
    )
    assert not recognised(held).doubt


def test_a_copy_that_is_meant_to_stay_excuses_no_mistake():
    assert not recognised(ANCHORED).doubt
    wrong = recognised(ANCHORED.replace("0.1 *", "0.05 *"))
    assert wrong.text
    assert not wrong.doubt


def test_a_cost_that_reads_a_copy_has_to_follow_too():
    of_turned = NET.replace("self.best = self.W2.copy()", "self.best = self.W2.T.copy()")
    of_turned = of_turned.replace("@ self.W2", "@ self.best.T").replace("self.best.T).T", "self.best)")
    of_turned = of_turned.replace("d @ self.best.T)", "d @ self.W2.T)")
    assert "it reads best" in recognised(of_turned).doubt
