"""Lists of objects that a file hands to its functions."""

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.listed_objects import listed_objects
from support.adapters import defined
from support.recognising import row_and_check

LAYERS = """
import numpy as np
class Layer:
    def __init__(self, units=10, activation="relu", inputs=100, lam=0, shifted=False):
        self.units, self.activation, self.inputs, self.lam, self.shifted = units, activation, inputs, lam, shifted
        self.W, self.b = np.random.randn(units, inputs) / 9, np.zeros((units, 1))
        self.H, self.X, self.gradW, self.gradB = None, None, None, None
    def evaluate(self, X):
        s = self.W @ X.T + self.b + (1 if self.shifted else 0)
        if self.activation == "softmax":
            s = np.exp(s - s.max(axis=0))
        self.X, self.H = X, s.T / s.sum(axis=0)[:, None] if self.activation == "softmax" else np.maximum(s, 0).T
        return self.H
def evaluate_net(X, layers):
    for layer in layers:
        X = layer.evaluate(X)
    return X
def compute_cost(X, Y, layers):
    l2 = sum(layer.lam * np.sum(layer.W**2) for layer in layers)
    return -np.sum(np.log(np.sum(Y * evaluate_net(X, layers), axis=1))) / X.shape[0] + l2
def compute_gradients(X, Y, layers):
    G = (layers[-1].H - Y).T / X.shape[0]
    for layer in reversed(layers):
        layer.gradW = G @ layer.X + 2 * layer.lam * layer.W
        layer.gradB = G.sum(axis=1, keepdims=True)
        G = (layer.W.T @ G) * (layer.X > 0).T
    return layers
def fit(layers, data):
    for X, Y in data:
        evaluate_net(X, layers)
        compute_gradients(X, Y, layers)
def run(lam=0.1, shifted=False):
    layers = [
        Layer(inputs=3072, units=50, lam=lam, shifted=shifted),
        Layer(inputs=50, units=50, lam=lam),
        Layer(inputs=50, units=10, activation="softmax", lam=lam),
    ]
    fit(layers, load())
"""


def test_a_list_is_made_as_the_file_makes_it_with_small_sizes_and_known_settings():
    (only,) = listed_objects("layers", defined(LAYERS), Convention())
    assert only.values["layers"] == (
        "[Layer(inputs=6, units=5, lam=0.1, shifted=False), Layer(inputs=5, units=5, lam=0.1), "
        "Layer(inputs=5, units=3, activation='softmax', lam=0.1)]"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("lam=lam)", "lam=quirk)"), ("layers = [", "layers = [make(), "), ("fit(layers", "fit([layers]")],
)
def test_what_is_not_known_is_left_out(old, new):
    assert not [*listed_objects("layers", defined(LAYERS.replace(old, new)), Convention())]


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [("", "", "right"), ("2 * layer.lam", "layer.lam", "wrong"), ("G.sum", "2 * G.sum", "wrong")],
)
def test_gradients_that_are_left_on_the_objects_are_checked(old, new, verdict):
    _, outcome = row_and_check(LAYERS.replace(old, new) if old else LAYERS)
    assert outcome.verdict == verdict, str(outcome)


def test_switches_of_the_objects_are_tried_otherwise():
    row, _ = row_and_check(LAYERS)
    (switched,) = (variant for variant in row.variants if variant.varied.startswith("shifted"))
    assert "shifted=True" in switched.text
