"""Where the expressions of a statement stand."""

from __future__ import annotations

import ast

from chainrule.gradcheck.program.places import expressions, in_indices, of_formula


def test_those_of_statements_within_are_left_out():
    (loop,) = ast.parse("for x in a:\n    b = x + 1").body
    assert [ast.unparse(place.get()) for place in expressions(loop)] == ["x", "a"]


def test_a_formula_is_what_a_value_is_taken_of():
    (statement,) = ast.parse("d[i] += a[j + 1] * b").body
    assert {ast.unparse(place.get()) for place in of_formula(statement)} == {
        "a[j + 1] * b",
        "a[j + 1]",
        "a",
        "b",
    }
    inside = [node for node in ast.walk(statement) if id(node) in in_indices(statement)]
    assert {each.id for each in inside if isinstance(each, ast.Name)} == {"i", "j"}
