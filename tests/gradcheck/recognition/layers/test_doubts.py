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
