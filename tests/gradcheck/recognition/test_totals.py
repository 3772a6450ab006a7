"""Sums and means of the same losses."""

import pytest

from support.recognising import row_and_check, rows

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
    assert "the cost that the loop on line 6 computes" in first.doubt
    assert second.doubt


def test_what_is_wrong_against_either_is_wrong_against_the_files_own():
    _, check = row_and_check(LOOP.replace("(P - y) / len(X)", "P - 0.9 * y"))
    assert not check.right
