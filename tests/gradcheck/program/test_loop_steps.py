"""The steps in a round of a training loop."""

import ast

import pytest

from chainrule.gradcheck.program.loop_steps import (
    RATE,
    is_step,
    step_of,
    take_a_gradient,
    with_named_rate,
    written_rate,
)


def statements(text):
    return ast.parse(text).body


@pytest.mark.parametrize(
    ("step", "made", "takes"),
    [
        ("W -= eta * gradient(W, X)", "", True),
        ("W -= eta * grads['W']", "grads = net.backward(X, Y)", True),
        ("W -= eta * (dW + lam * W)", "dW = gradient(W, X) / n", True),
        ("W -= eta * dW", "dW = np.clip(gradient(W, X), -1, 1)", True),
        ("W -= eta * dW", "loss, dW = evaluate(W, X)", True),
        ("W -= eta * dW", "dW, db = evaluate(W, X)", False),
        ("W -= eta * dW", "dW = X.T @ loss_grad(P, y)", False),
        ("W -= eta * dW", "dW = np.dot(X.T, loss_grad(P, y))", False),
        ("W -= eta * X.T @ d", "d = loss_grad(P, y)", False),
        ("b -= eta * d.sum(axis=0)", "d = loss_grad(P, y)", False),
        ("W -= eta * dW", "d = (P - y) * sigmoid_grad(P)\ndW = X.T @ d", False),
    ],
)
def test_a_gradient_is_taken_whole(step, made, takes):
    assert take_a_gradient(statements(step), statements(made)) == takes


def test_what_is_a_step():
    assert [is_step(node) for node in statements("W -= eta * dW; W = W + a * dW; W = dW; X -= X.mean(); f(W)")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    step = step_of(statements("W = W - eta * dW")[0])
    assert ast.unparse(step) == "W -= eta * dW"


def test_a_rate_without_a_name_is_given_one():
    (step,) = statements("W -= 0.01 * dW")
    assert ast.unparse(written_rate(step, ())) == "0.01"
    assert ast.unparse(with_named_rate(step, ())) == f"W -= {RATE} * dW"
    assert written_rate(statements("W -= eta * dW")[0], ()) is None
