"""Steps against a gradient."""

import ast

import pytest

from chainrule.gradcheck.program.descent import DescentStep, steps


def of(text):
    return list(steps(ast.walk(ast.parse(text))))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("W -= eta * dW", DescentStep("W", "", True, "eta", frozenset({"dW"}))),
        ("W += -eta * dW", DescentStep("W", "", True, "eta", frozenset({"dW"}))),
        ("W = W - 0.5 * dW", DescentStep("W", "", False, "", frozenset({"dW"}), number="0.5")),
        ("p['U'] -= lr * (X.T @ d + wd * p['U'])", DescentStep("p", "U", True, "lr", frozenset({"X", "d", "wd", "p"}))),
        ("p[i] = p[i] - dW * eta", DescentStep("p", "", True, "eta", frozenset({"dW"}))),
        ("W -= lr * X.T @ d / n", DescentStep("W", "", True, "lr", frozenset({"X", "d", "n"}))),
        ("self.W -= eta * dW", DescentStep("", "", True, "eta", frozenset({"dW"}), "self.W")),
    ],
)  # fmt: skip
def test_what_is_taken_from_what(text, step):
    assert of(text) == [step]


@pytest.mark.parametrize(
    "text", ["W += eta * dW", "X -= mean", "W = V - eta * dW", "W -= f(x) * g(x)", "W = eta * dW"]
)
def test_what_is_no_step(text):
    assert of(text) == []
