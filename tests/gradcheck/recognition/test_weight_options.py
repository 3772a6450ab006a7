"""Weights of samples and classes that count alike unless they are given."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise
from support.recognising import loaded, recognised

FUNCTIONS = """
import numpy as np

def cost(X, y, W, b, sample_weight=None):
    w = np.ones({shape}) if sample_weight is None else sample_weight
    p = 1 / (1 + np.exp(-(X @ W + b)))
    return -np.sum(w * (y * np.log(p) + (1 - y) * np.log(1 - p))) / len(y)

def gradient(X, y, W, b, sample_weight=None):
    w = np.ones({shape}) if sample_weight is None else sample_weight
    d = {weights}(1 / (1 + np.exp(-(X @ W + b))) - y) / len(y)
    return X.T @ d, d.sum(axis=0)
"""

OBJECT = """
import numpy as np

class SoftmaxRegression:
    def __init__(self, n_features, n_classes, class_weight=None):
        self.W = 0.01 * np.random.randn(n_features, n_classes)
        self.class_weight = class_weight

    def weights_of(self, y):
        return np.ones(len(y)) if self.class_weight is None else {looked_up}

    def loss_and_gradient(self, X, y):
        s = X @ self.W
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        n, w = len(y), self.weights_of(y)
        loss = -np.sum(w * np.log(p[np.arange(n), y])) / n
        p[np.arange(n), y] -= 1
        return loss, X.T @ ({weights}p) / n
"""

STYLES = {
    "of each row": (FUNCTIONS.replace("{shape}", "(len(y), 1)"), "w * ", "sample_weight"),
    "one-dimensional": (FUNCTIONS.replace("{shape}", "len(y)"), "w[:, None] * ", "sample_weight"),
    "array of classes": (
        OBJECT.replace("{looked_up}", "self.class_weight[y]"),
        "w[:, None] * ",
        "class_weight",
    ),
    "dictionary of classes": (
        OBJECT.replace("{looked_up}", "np.array([self.class_weight.get(int(c), 1.0) for c in y])"),
        "w[:, None] * ",
        "class_weight",
    ),
    "an object, a short name": (
        OBJECT.replace("class_weight", "class_w").replace("{looked_up}", "self.class_w[y]"),
        "w[:, None] * ",
        "class_w",
    ),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("is_right", [True, False])
def test_a_gradient_that_forgets_weights_is_wrong_where_they_are_given(style, is_right):
    source, weights, name = STYLES[style]
    if style == "one-dimensional":
        source = source.replace("np.sum(w * (", "np.sum(w[:, None] * (")
    file, names = loaded(source.replace("{weights}", weights if is_right else ""))
    row, *_ = recognise(file, names, seed=0)
    (variant,) = (v for v in row.variants if v.varied == f"{name} of {{}}")
    programs = [declared(each, names, np.random.default_rng(0)) for each in (row.text, variant.text)]
    said = [check(program, explained=False).verdict for program in programs]
    assert variant.convicts
    assert said == ["right", "right" if is_right else "wrong"]


def test_weights_of_an_unknown_kind_are_not_given():
    source = OBJECT.replace("{weights}", "w[:, None] * ").replace("{looked_up}", "self.class_weight.of(y)")
    assert not [v for v in recognised(source).variants if v.varied.startswith("class_weight")]
