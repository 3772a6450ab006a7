"""Which gradients are divided and penalised where they are called."""

import ast

import pytest

from chainrule.gradcheck.program.averaged_results import averaged_results

STEP = """
dW, db = net.gradient(X, Y)
W = W - eta * (dW / X.shape[1] + 2 * lam * W)
b -= eta * db / n_samples
"""


def of(text):
    return list(averaged_results(ast.parse(text)))


def test_one_whose_results_are_all_divided_and_penalised_is():
    assert of(STEP) == ["gradient"]
    assert of("G = gradients(X, Y)\nG = G / len(X) + self.l2 * theta\ntheta -= eta * G") == ["gradients"]


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("db / n_samples", "db"),
        ("2 * lam * W", "0"),
        ("dW / X.shape[1]", "dW"),
        ("b -= eta * db / n_samples", "right = np.sum(hits) / n_samples"),
        ("2 * lam * W)", "0)\nloss = cost(X, Y, lam) + lam * 1"),
        ("dW, db", "dW, *others"),
    ],
)
def test_one_is_not_where_a_part_is_left_out_or_something_else_is_divided(line, other):
    assert of(STEP.replace(line, other)) == []


def test_it_is_so_wherever_it_is_called():
    assert of(f"{STEP}\nW -= net.gradient(X, Y)[0]") == []
