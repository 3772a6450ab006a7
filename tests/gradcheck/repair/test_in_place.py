"""Repairs of functions of this process."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule

rng = np.random.default_rng(0)
X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))


def cost(W, X):
    return ((X @ W) ** 2).sum()


def subtracted(W, X):
    return -2 * X.T @ (X @ W)


def right(W, X):
    return 2 * X.T @ (X @ W)


def test_a_gradient_from_python():
    outcome = chainrule.check_gradient(cost, subtracted, W, X, repair=True)
    changed = [line for line in outcome.repairs[0].patch.splitlines()[2:] if line[0] in "+-"]
    assert changed == [
        "-    return -2 * X.T @ (X @ W)",
        "+    return 2 * X.T @ (X @ W)",
    ]
    assert subtracted(W, X)[0, 0] == -right(W, X)[0, 0]
    assert '<span style="color:#22863a">+    return 2' in outcome._repr_html_()


def test_a_right_one_gets_none():
    outcome = chainrule.check_gradient(cost, right, W, X, repair=True)
    assert (outcome.repairs, outcome.unrepaired) == ((), "")


def upwards(W, dW, rate):
    return W + rate * dW


def in_place(W, dW, rate):
    W += rate * dW


@pytest.mark.parametrize(
    ("update", "line"), [(upwards, "+    return W - rate * dW"), (in_place, "+    W += -rate * dW")]
)
def test_an_update(update, line):
    outcome = chainrule.check_gradient(cost, right, W, X, update=update, repair=True)
    assert outcome.fault == "update"
    assert line in outcome.repairs[0].patch.splitlines()


def forward(x, w):
    return x @ w


def backward(dout, x, w):
    return dout @ w.T, -x.T @ dout


def test_a_layer():
    outcome = chainrule.check_layer(forward, backward, X, W, repair=True)
    assert outcome.repairs[0].lines[0].text.strip() == "return dout @ w.T, -x.T @ dout"
    assert "+    return dout @ w.T, x.T @ dout" in outcome.repairs[0].patch


def exits(W, X):
    h = X @ W
    if not np.allclose(h, X @ W):
        raise SystemExit("another h")
    return -2 * X.T @ h


def test_code_that_ends_python_with_a_change_is_passed_over():
    outcome = chainrule.check_gradient(cost, exits, W, X, repair=True)
    assert "+    return 2 * X.T @ h" in outcome.repairs[0].patch


def two_layers(V, W, a, b, X):
    h = np.tanh(X @ V + a)
    return ((h @ W + b) ** 2).sum()


def biases_first(V, W, a, b, X):
    h = np.tanh(X @ V + a)
    d = 2 * (h @ W + b)
    e = d @ W * (1 - h**2)
    return e.sum(axis=0), d.sum(axis=0), X.T @ e, h.T @ d


def test_an_order_that_was_guessed_without_a_change_may_be_guessed_with_it():
    draw = np.random.default_rng(3).normal
    given = {"V": draw(size=(4, 3)), "W": draw(size=(3, 3)), "a": draw(size=3), "b": draw(size=3)}
    outcome = chainrule.check_gradient(
        lambda p, X: two_layers(**p, X=X), lambda p, X: biases_first(**p, X=X), given, draw(size=(5, 4)), repair=True
    )  # fmt: skip
    assert "+    e = d @ W.T * (1 - h**2)" in outcome.repairs[0].patch


def mean_penalty(W, X, Y):
    return 0.5 * ((X @ W - Y) ** 2).sum() + 0.1 * np.mean(np.sum(W**2, axis=1))


def summed_penalty(W, X, Y):
    return X.T @ (X @ W - Y) + 0.2 * W


@pytest.mark.parametrize("columns", [3, 2])
def test_of_sizes_that_are_the_same_the_one_that_is_meant_is_put_into_a_formula(columns):
    draw = np.random.default_rng(3).normal
    given = draw(size=(3, columns)), draw(size=(7, 3)), draw(size=(7, columns))
    outcome = chainrule.check_gradient(mean_penalty, summed_penalty, *given, repair=True)
    assert not outcome.right
    assert all("/ len(W)" in repair.patch for repair in outcome.repairs)
    assert outcome.repairs
