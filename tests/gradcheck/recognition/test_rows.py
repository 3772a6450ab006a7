"""What is told of each gradient."""

from support.recognising import rows

LOOP = """
import numpy as np

def sigmoid(z, deriv=False):
    return z * (1 - z) if deriv else 1 / (1 + np.exp(-z))

X, y, W = np.random.rand(9, 3), np.random.randint(0, 2, (9, 1)), np.random.randn(3, 1)
for i in range(1000):
    P = sigmoid(X @ W)
    E = y - P
    D = E * sigmoid(P, True)
    W += X.T @ D
"""
ROWS = {"update_of_loop_8", "sigmoid / sigmoid_derivative"}


def test_what_was_assumed_of_a_loop_is_told():
    told = {row.gradient: row for row in rows(LOOP)}
    notes = told["update_of_loop_8"].notes
    assert {*told} == ROWS
    assert notes[0] == "assumed X (N, d), labels 0 or 1 (N, 1), W (in, out), no b"
    assert "the training loop on line 8 was read as functions: what a round computes, and its step" in notes
    assert any(note.startswith("the file has no cost: its gradient is that of ") for note in notes)


def test_a_loop_that_cannot_be_checked_is_told_beside_its_activations():
    told = {row.gradient: row for row in rows(LOOP.replace("D = E *", "D = E * P *"))}
    assert {*told} == ROWS
    assert told["update_of_loop_8"].doubt
    assert not told["sigmoid / sigmoid_derivative"].doubt
