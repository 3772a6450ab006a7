"""Options that change what the labels mean: what is right with such labels is not called wrong."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.other_data import labels_as
from support.recognising import recognised

MARGIN = """
import numpy as np

def compute_cost(w, X, y, svm=False):
    f = X @ w
    if svm:
        return np.mean((1 - y * f) ** 2)
    a = 1 / (1 + np.exp(-f))
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))

def compute_gradient(w, X, y, svm=False):
    f = X @ w
    if svm:
        d = 2 * (f - y)
    else:
        d = 1 / (1 + np.exp(-f)) - y
    return X.T @ d / len(y)
"""


def of_svm(text, name="svm"):
    (variant,) = (v for v in recognised(text).variants if v.varied.startswith(name))
    assert variant.convicts
    return variant


def test_what_is_right_with_labels_of_another_meaning_is_not_tried_with_these():
    variant = of_svm(MARGIN)
    assert variant.text == ""
    assert "labels of -1 and 1 only" in variant.why


@pytest.mark.parametrize(
    ("old", "new"), [("d = 2 * (f - y)", "d = f - y"), ("2 * (f - y)", "-2 * y * (1 - y * f)")]
)
def test_what_is_wrong_or_right_whatever_labels_are_is_tried(old, new):
    variant = of_svm(MARGIN.replace(old, new))
    assert (variant.text != "", variant.why) == (True, "")


def test_a_text_may_change_what_labels_mean_too():
    texts = MARGIN.replace("svm=False", 'loss="log"').replace("if svm:", 'if loss == "svm":')
    assert "labels of -1 and 1 only" in of_svm(texts, "loss").why


def test_labels_of_each_kind_are_read_as_the_others():
    y = np.array([2, 0, 1, 1])
    as_rows, as_columns = (values for _, values in labels_as(y, 3))
    for hot in (as_rows, as_columns):
        assert any(np.array_equal(values, y) for _, values in labels_as(hot, 3))
    assert next(labels_as(np.array([[-1], [1]]), 3))[1].tolist() == [[0], [1]]


WAYS = """
import numpy as np

def scores(X, W, turned):
    return X.T @ W if X.shape[0] == W.shape[0] else X @ W

def compute_cost(X, Y, W, turned=False):
    S = scores(X, W, turned)
    if turned:
        return np.sum((S - Y) ** 2) / X.shape[1]
    return np.sum((S - Y) ** 2) / X.shape[0]

def compute_gradients(X, Y, W, turned=False):
    A = X.T if X.shape[0] == W.shape[0] else X
    G = 2 * A.T @ (scores(X, W, turned) - Y)
    if turned:
        return G / len(Y)
    return G / X.shape[0]
"""


def test_samples_may_lie_the_other_way():
    variant = of_svm(WAYS, "turned")
    assert "inputs lying the other way only" in variant.why
