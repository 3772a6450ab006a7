"""By what else an array may be indexed."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.index_slips import computed_in, other_indices, other_slices


def index_of(text):
    return ast.parse(text, mode="eval").body.slice


def texts(slips):
    return [(kind, ast.unparse(ast.fix_missing_locations(new))) for kind, new in slips]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("x[t - k]", "t - k * s"),
        ("x[t]", "t + k"),
        ("x[t]", "t - k * s"),
        ("x[n, t]", "(n, t - k)"),
        ("x[t - k, u]", "(k, u)"),
    ],
)
def test_what_is_computed_may_be_something_else(text, meant):
    computed = computed_in(ast.parse("y[t - k * s] + y[a[0], t - k * s] + y[t - 1]"))
    assert [*map(ast.unparse, computed)] == ["t - k * s"]
    assert ("index", meant) in texts(other_indices(index_of(text), computed, frozenset({"k", "t"})))


def test_what_counts_is_not_added_to_itself():
    assert not texts(other_indices(index_of("x[t]"), [], frozenset({"t"})))


@pytest.mark.parametrize(
    ("text", "meant"), [("x[:H]", "p:p + H"), ("x[:, :p]", "(:, p:)"), ("x[p:]", ":-p"), ("x[1:]", ":-1")]
)
def test_a_part_may_begin_or_end_elsewhere(text, meant):
    assert ("slice", meant) in texts(other_slices(index_of(text), [ast.Name("p", ast.Load())]))
