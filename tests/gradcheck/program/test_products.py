"""Products that a formula may be, or lack."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.products import products, rows_taken, terms


def expression(text):
    return ast.parse(text, mode="eval").body


def texts(slips):
    return {ast.unparse(ast.fix_missing_locations(new)) for _, new in slips}


VALUES = [expression(text) for text in ("d", "h", "self.W", "c[0]")]


@pytest.mark.parametrize("text", ["d @ self.W.T", "h * c[0]", "-d.sum(axis=0)", "h.shape[0]", "h.T @ d"])
def test_what_a_formula_may_be(text):
    assert text in texts(products(VALUES))


@pytest.mark.parametrize(
    "text",
    [
        "d - m / n - d * h / n",
        "d - m / n + 2 * d * h",
        "d - m / n - h * (d * h).mean(axis=-1, keepdims=True)",
        "d - m / n - h * (d - m / n).sum(axis=0)",
        "d - m / n - d.mean(axis=0)",
    ],
)
def test_a_term_that_is_missing(text):
    assert text in texts(terms(expression("d - m / n"), VALUES, [expression("n")]))


def test_rows_are_taken_as_elsewhere_or_one_by_one():
    index = expression("d[:, y]").slice
    found = texts(rows_taken(index, [expression("d[i, 0]").slice]))
    assert found == {"(i, 0)", "(np.arange(len(y)), y)"}
    rows = texts(rows_taken(expression("d[y]").slice, []))
    assert rows == {"(np.arange(len(y)), y)", "(y, np.arange(len(y)))"}
