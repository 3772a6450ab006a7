"""Losses by themselves: log(P + eps) is accepted where the gradient is exactly that of P."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check_gradient

Y = np.eye(3)[[0, 2, 1, 1, 0, 2, 2]]


def softmax(x):
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def checked(loss, gradient):
    scores = np.random.default_rng(0).normal(size=(7, 3))
    return check_gradient(lambda p: loss(p["x"]), lambda p: {"x": gradient(p["x"])}, {"x": scores})


def binary(x):
    P = sigmoid(x)
    return -np.sum(Y * np.log(P + 1e-8) + (1 - Y) * np.log(1 - P + 1e-8)) / 21


@pytest.mark.parametrize(
    ("loss", "gradient", "eps"),
    [
        (lambda x: -np.sum(Y * np.log(softmax(x) + 1e-7)) / 7, lambda x: (softmax(x) - Y) / 7, "1e-07"),
        (lambda x: -np.sum(Y * np.log(softmax(x) + 1e-6)), lambda x: softmax(x) - Y, "1e-06"),
        (binary, lambda x: (sigmoid(x) - Y) / 21, "1e-08"),
    ],
)
def test_an_epsilon_in_the_logarithm_is_accepted_and_said(loss, gradient, eps):
    outcome = checked(loss, gradient)
    assert outcome.verdict == "right"
    if eps != "1e-08":
        assert f"the loss takes log(P + {eps}); the gradient is right but for that" in outcome.notes


@pytest.mark.parametrize("off", [1e-6, 1e-5])
def test_another_small_difference_is_not(off):
    outcome = checked(
        lambda x: -np.sum(Y * np.log(softmax(x) + 1e-7)) / 7, lambda x: (softmax(x) - Y) / 7 * (1 + off)
    )
    assert outcome.verdict == "suspect"
