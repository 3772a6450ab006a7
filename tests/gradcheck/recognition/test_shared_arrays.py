"""Parameters that an object holds twice."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.shared_arrays import held_again
from support.recognising import loaded, recognised, row_and_check

NET = """
import numpy as np

class Net:
    def __init__(self, d, K):
        self.W = np.random.randn(K, d)
        self.b = np.zeros((K, 1))
        self.lam = 0.1
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
            "params={'W': W, 'b': b}",
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


def holds_again(body):
    """What an object holds again of its W and b, once its constructor has run."""
    names: dict[str, type] = {}
    exec(f"class Net:\n    def __init__(self, W, b):\n        self.W, self.b = W, b\n        {body}", names)
    return held_again(vars(names["Net"](np.ones((2, 3)), np.ones(2))), ["W", "b"])


@pytest.mark.parametrize(
    ("body", "again"),
    [
        ("self.all = {'W': self.W, 'b': self.b}", {"all": "{'W': W, 'b': b}"}),
        ("self.all = [self.W, (self.b,)]", {"all": "[W, (b,)]"}),
        ("self.weights = self.W", {"weights": "W"}),
        ("self.p = {'W': W, 'rate': 0.1}; self.W = self.p['W']", {"p": "{**net.p, 'W': W}"}),
        ("self.all = [self.W, 0.1]", {"all": "[W, net.all[1]]"}),
        ("self.all = {'W': self.W, 'b': b}; self.all['W'] = 0 * W", {"all": "{**net.all, 'b': b}"}),
        ("self.all = [W]; self.W *= 2; self.W[0] = 1; self.W.sort()", {"all": "[W]"}),
        ("self.W = [W, b]; self.first, self.both = self.W[0], self.W", {"first": "W[0]", "both": "W"}),
        ("if len(b): vars(self).update(all=[W])", {"all": "[W]"}),
        ("self.all = {'W': self.W.copy()}", {}),
        ("self.all = [W]; self.W = 2 * W", {}),
        ("self.all = [W]; self.all[0] = 2 * W", {}),
        ("self.all, self.rows = [], [W] * 1000", {}),
    ],
)
def test_what_holds_the_same_arrays_once_an_object_is_made_holds_them_again(body, again):
    assert holds_again(body) == again


def test_an_array_that_overlaps_a_parameter_convicts_nothing_where_it_is_read():
    overlapping = NET.replace('self.params = {"W": self.W, "b": self.b}', "self.turned = self.W.T")
    read = overlapping.replace("values = self.params[name]", "values = getattr(self, name)")
    assert "vars(net)" in recognised(read).text
    with pytest.raises(CheckError, match="nothing for turned"):
        row_and_check(read.replace("self.W @ X", "self.turned.T @ X"))


def test_what_holds_itself_is_looked_at_once():
    W = np.ones((2, 3))
    first, second = {"W": W}, {"W": W.copy()}
    first["next"], second["previous"] = second, first
    again = held_again({"W": W, "first": first, "second": second, "last": second["W"]}, ["W"])
    assert again["first"] == "{**net.first, 'W': W}"
    assert "last" not in again
