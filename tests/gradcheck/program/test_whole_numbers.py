"""Whole numbers of a source."""

import ast

import pytest

from chainrule.gradcheck.program.whole_numbers import named_numbers, whole_numbers


def test_numbers_and_their_products_are_read():
    assert set(whole_numbers(ast.parse("np.zeros((10, 32 * 32 * 3)) * 0.5 * n + True"))) == {
        10,
        32,
        3,
        1024,
        3072,
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("K = 10", {"K": 10}),
        ("K, d = 10, n", {"K": 10}),
        ("K = 2.0", {}),
        ("K[0] = 3", {}),
        ("f(10)", {}),
        ("K = n * 3", {}),
    ],
)  # fmt: skip
def test_names_of_numbers(text, named):
    (statement,) = ast.parse(text).body
    assert dict(named_numbers(statement)) == named
