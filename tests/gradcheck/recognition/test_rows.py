"""What is told of each gradient."""

import pytest

from support.recognising import rows

LOOP = """
import numpy as np

def sigmoid(z, deriv=False):
    if deriv:
        return z * (1 - z)
    return 1 / (1 + np.exp(-z))

X = np.random.rand(9, 3)
y = np.random.randint(0, 2, (9, 1))
W1 = np.random.randn(3, 4)
W2 = np.random.randn(4, 1)
for i in range(1000):
    H = sigmoid(X @ W1)
    P = sigmoid(H @ W2)
    E = y - P
    D2 = E * sigmoid(P, True)
    D1 = D2 @ W2.T * sigmoid(H, True)
    W2 += H.T @ D2
    W1 += X.T @ D1
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_a_loop_that_cannot_be_checked_is_told_beside_its_activations(wrong):
    told = rows(LOOP.replace("D2 @ W2.T", "E @ W2.T") if wrong else LOOP)
    by_name = {row.gradient: row for row in told}
    assert {*by_name} == {"update_of_loop_13", "sigmoid / sigmoid_derivative"}
    assert bool(by_name["update_of_loop_13"].doubt) == wrong
    assert not by_name["sigmoid / sigmoid_derivative"].doubt


def test_what_was_assumed_is_told():
    (notes,) = [row.notes for row in rows(LOOP) if row.gradient == "update_of_loop_13"]
    assert notes[0] == "assumed X (N, d), labels 0 or 1 (N, 1), W (in, out), no b"
    assert "the training loop on line 13 was read as functions: what a round computes, and its step" in notes
    assert any(note.startswith("the file has no cost: its gradient is that of ") for note in notes)
