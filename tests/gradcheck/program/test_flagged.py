"""A function that gives its derivative by a flag is two."""

import ast

import pytest

from chainrule.gradcheck.program.flagged import by_flag, without_flag


def made(text):
    return [ast.unparse(function) for function in by_flag(ast.parse(text).body)]


@pytest.mark.parametrize(
    "body",
    [
        "if deriv:\n        return 2 * x\n    return x ** 2",
        "if deriv == True:\n        return 2 * x\n    else:\n        return x ** 2",
        "if not deriv:\n        return x ** 2\n    return 2 * x",
        "if deriv is False:\n        return x ** 2\n    return 2 * x",
        "return 2 * x if deriv else x ** 2",
    ],
)
def test_each_of_the_two_does_what_is_done_for_it(body):
    text = f"def f(x, deriv=False):\n    {body}\n"
    assert made(text) == ["def f_derivative(x):\n    return 2 * x"]
    (node,) = ast.parse(text).body
    assert ast.unparse(without_flag(node)) == "def f(x):\n    return x ** 2"
    assert "deriv" in ast.unparse(node)


def test_a_gradient_that_is_asked_for_is_called_so_and_defaults_are_kept():
    text = "def loss(W, lam=0.1, return_grad=False):\n    if return_grad:\n        return W\n    return lam\n"
    assert made(text) == ["def loss_gradient(W, lam=0.1):\n    return W"]


def test_where_nothing_is_left_nothing_is_done():
    text = "def f(x, deriv=False):\n    for i in x:\n        if deriv:\n            return i\n    return 1"
    (node,) = ast.parse(text).body
    assert ast.unparse(without_flag(node)) == "def f(x):\n    for i in x:\n        pass\n    return 1"


@pytest.mark.parametrize(
    "text",
    [
        "def f(x, deriv=True):\n    return 2 * x if deriv else x",
        "def f(deriv=False):\n    return 2 if deriv else 1",
        "def f(x, deriv=False):\n    return g(x, deriv)",
        "def f(x, fast=False):\n    return 2 * x if fast else x",
        "def f(x, deriv=False, **more):\n    return 2 * x if deriv else x",
        "def forward(x, grad=False):\n    if grad:\n        keep(x)\n    return x",
        "def f(x, deriv=False):\n    return 2 * x if deriv else x\ndef f_derivative(x):\n    return 2 * x",
    ],
)
def test_anything_else_is_no_such_flag(text):
    assert made(text) == []
