"""Numbers by which a program may be set otherwise, in functions and objects."""

import re

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise
from support.recognising import loaded, recognised

FUNCTIONS = """
import numpy as np

def compute_cost(w, b, X, y{keyword}, delta=1.0, axis=0):
    r = X @ w + b - y
    return np.mean(np.where(np.abs(r) <= delta, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)))

def compute_gradients(w, b, X, y{keyword}, delta=1.0, axis=0):
    r = X @ w + b - y
    g = np.where(np.abs(r) <= delta, r, delta * np.sign(r)) / len(y)
    return X.T @ g, np.sum(g)
"""

OBJECT = """
import numpy as np

class Regression:
    {constant}
    def __init__(self, n_features{argument}):
        self.W = np.random.randn(n_features, 1)
        self.b = np.zeros((1, 1))
        {kept}

    def loss(self, X, y):
        r = X @ self.W + self.b - y
        return np.mean(np.where(np.abs(r) <= self.delta, 0.5 * r**2, self.delta * (np.abs(r) - 0.5 * self.delta)))

    def gradients(self, X, y):
        r = X @ self.W + self.b - y
        g = np.where(np.abs(r) <= self.delta, r, self.delta * np.sign(r)) / len(y)
        return {{"W": X.T @ g, "b": np.sum(g, axis=0, keepdims=True)}}
"""

STYLES = {
    "default": FUNCTIONS.format(keyword=""),
    "keyword only": FUNCTIONS.format(keyword=", *"),
    "attribute of the class": OBJECT.format(constant="delta = 1.0", argument="", kept="pass"),
    "attribute of the object": OBJECT.format(constant="pass", argument="", kept="self.delta = 1.0"),
    "kept by the constructor": OBJECT.format(
        constant="pass", argument=", delta=1.0", kept="self.delta = delta"
    ),
}


def of_delta(text):
    return [v for v in recognised(text).variants if v.varied == "delta of {}"]


@pytest.mark.parametrize("style", STYLES)
def test_another_number_is_tried_and_convicts(style):
    (variant,) = of_delta(STYLES[style])
    assert (variant.given, variant.value, variant.convicts) == ("1.0", "0.7", True)
    assert variant.text


@pytest.mark.parametrize("style", ["default", "keyword only", "attribute of the class"])
def test_a_gradient_that_forgets_a_number_is_wrong_with_another(style):
    right = STYLES[style]
    forgetful = re.sub(r"(self\.)?delta \* np\.sign", "np.sign", right)
    assert verdicts(right) == ["right", "right"]
    assert verdicts(forgetful) == ["right", "wrong"]


def verdicts(text):
    """What is said at the given value, and at the other."""
    file, names = loaded(text)
    row, *_ = recognise(file, names, seed=0)
    (variant,) = (v for v in row.variants if v.varied == "delta of {}")
    programs = [declared(each, names, np.random.default_rng(0)) for each in (row.text, variant.text)]
    return [check(program, explained=False).verdict for program in programs]


def test_what_stays_is_said():
    assert "held as they are: axis of 0" in recognised(STYLES["default"]).notes


def test_a_number_that_a_program_refuses_stays_and_convicts_nobody():
    text = STYLES["default"].replace("    r = X", "    assert delta == 1.0\n    r = X", 1)
    (variant,) = of_delta(text)
    assert "AssertionError" in variant.why
    assert not variant.convicts


def test_a_number_of_the_gradient_alone_is_none_of_the_cost():
    head, cost, gradient = STYLES["default"].split("def ")
    gradient = gradient.replace("delta=1.0", "bound=9.0").replace("g = np", "delta = 1.0\n    g = np")
    variants = recognised(f"{head}def {cost}def {gradient}").variants
    assert not [v for v in variants if v.varied.startswith(("bound", "delta"))]
