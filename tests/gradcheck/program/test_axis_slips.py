"""Other axes than those that stand there."""

import ast
from types import SimpleNamespace

import pytest

from chainrule.gradcheck.program.axis_slips import other_axes


@pytest.mark.parametrize(
    ("axis", "others"),
    [
        ("1", ["0", "-1", "2"]),
        ("-2", ["0", "1", "-1", "2"]),
        ("(0, 2)", ["(2,)", "(0,)", "(0, 0, 2)", "(1, 0, 2)", "2"]),
    ],
)
def test_another_one_or_one_less_or_more_or_what_stands_elsewhere(axis, others):
    known = SimpleNamespace(axes=[ast.parse(text, mode="eval").body for text in ("2", axis)])
    given = other_axes(ast.parse(axis, mode="eval").body, known)
    assert [ast.unparse(other) for other in given] == others
