"""Where a line may be missing."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.left_out_lines import left_out_lines


def places(text):
    """On which line a body begins that may end with another line, and to what that would add."""
    (function,) = ast.parse(text).body
    last = [each for each in ast.walk(function) if isinstance(each, ast.Return | ast.AugAssign)]
    statement = max(last, key=lambda each: each.lineno)
    return {(each.body.get()[0].lineno, each.total) for each in left_out_lines(function, statement)}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("def f(u):\n  a = 0\n  b = 0\n  for x in u:\n    b += x\n  return a, b", {(5, "a")}),
        ("def f(u):\n  g = {}\n  np.add.at(g['W'], u, 1)\n  g['b'] = u\n  return g", {(2, "g['W']")}),
        ("def f(self, u):\n  for i in u:\n    self.dW[i] += u", {(2, "self.dW")}),
    ],
)
def test_a_line_may_be_missing_where_nothing_is_added_yet(text, meant):
    assert meant <= places(text)
    assert not {(2, "a"), (2, "b"), (5, "b"), (2, "g")} & places(text)


def test_they_are_told_at_the_last_statement_alone():
    (function,) = ast.parse("def f(u):\n  a = u\n  return a").body
    assert not [*left_out_lines(function, function.body[0])]
