"""Scripts whose training loop is all that there is: checked, or refused in words."""

import pytest

from chainrule.errors import CheckError
from support.recognising import recognised, rows

SCRIPT = """
import numpy as np
X, y = np.loadtxt("no such file")
W1, b1 = np.random.randn(2, 4), np.zeros((1, 4))
W2, b2 = np.random.randn(4, 1), np.zeros((1, 1))
m = len(X)
lr = 0.5
for epoch in range(1000):
    A1 = np.tanh(X @ W1 + b1)
    A2 = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
    loss = -np.mean(y * np.log(A2) + (1 - y) * np.log(1 - A2))
    dZ2 = (A2 - y) / m
    dZ1 = dZ2 @ W2.T * (1 - A1 ** 2)
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0, keepdims=True)
    dW1, db1 = X.T @ dZ1, dZ1.sum(axis=0, keepdims=True)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_the_training_loop_of_a_script_is_read_as_functions(wrong):
    row = recognised(SCRIPT.replace("(1 - A1 ** 2)", "(1 - A1)") if wrong else SCRIPT)
    assert "step=lambda" in row.text
    assert (
        "the training loop on line 8 was read as functions: what a round computes, and its step" in row.notes
    )
    # Were the layout another, what is right of a wrong one would not be.
    assert "labels 0 or 1 (N, 1)" in row.notes[0]


def test_a_cost_that_is_there_to_be_looked_at_convicts_nobody():
    text = SCRIPT.replace("-np.mean(y * np.log(A2) + (1 - y) * np.log(1 - A2))", "np.mean(np.abs(A2 - y))")
    first, second = rows(text)
    assert "it is the gradient of 1 / X.shape[0] * (-np.sum(y * np.log(" in first.doubt
    assert first.doubt.endswith("if the cost that the loop on line 8 computes is meant")
    assert second.runs


def test_a_step_that_is_no_plain_one_is_said_to_be_none():
    text = SCRIPT
    for name in ("W1", "b1", "W2", "b2"):
        text = text.replace(f"    {name} -= lr * d{name}", f"    {name} -= 3 * lr * d{name}")
    with pytest.raises(
        CheckError, match="update_of_loop_8 changes the parameters by other amounts than the cost's"
    ):
        recognised(text)


def test_steps_of_which_nothing_gives_the_loss_are_named():
    text = """
class Tastes:
    def fit_all(self, users, items, ratings):
        for u, i, r in zip(users, items, ratings):
            gap = r - self.P[u] @ self.Q[i]
            self.P[u], self.Q[i] = self.P[u] + gap * self.Q[i], self.Q[i] + gap * self.P[u]
"""
    with pytest.raises(CheckError, match=r"Tastes\.fit_all takes steps, and no function gives the loss"):
        rows(text)
