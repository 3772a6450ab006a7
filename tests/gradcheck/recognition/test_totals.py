"""Sums and means of the same losses."""

import pytest

from chainrule.gradcheck.recognition.recognise import recognise
from support.recognising import loaded

LOOP = """
import numpy as np

X, y = np.random.randn(20, 3), np.eye(2)[np.random.randint(2, size=20)]
W, b, lr = np.random.randn(3, 2), np.zeros((1, 2)), 0.01
for i in range(100):
    E = np.exp(X @ W + b)
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.sum(y * np.log(P), axis=1)
    cost = loss.sum()
    D = (P - y) / len(X)
    W -= lr * X.T @ D
    b -= lr * D.sum(axis=0, keepdims=True)
    print(i, cost)
"""


def rows(text: str):
    file, names = loaded(text)
    return recognise(file, names, seed=0)


@pytest.mark.parametrize(
    ("summed", "mean", "said"),
    [("loss.sum()", ") / len(X)", "as many times that as there are samples"),
     ("loss.mean()", ")", "that divided by the number of samples")],
)  # fmt: skip
def test_a_step_against_the_mean_is_one_against_the_sum(summed, mean, said):
    (row,) = rows(LOOP.replace("loss.sum()", summed).replace(") / len(X)", mean))
    assert not row.doubt
    assert any(said in note for note in row.notes)


def test_another_factor_leaves_it_open_which_is_meant():
    first, second = rows(LOOP.replace("loss.sum()", "(2 * loss).sum()"))
    assert first.doubt
    assert second.doubt
