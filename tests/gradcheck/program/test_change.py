"""A small change of a tree, made and taken back."""

import ast

import pytest

from chainrule.gradcheck.program.change import NodePlace, SmallChange, bodies, exchanged
from chainrule.gradcheck.program.patches import changes


def test_a_change_is_made_and_undone():
    (function,) = ast.parse("def f(x):\n    if x:\n        return x\n    return 1\n").body
    assert [place.field for place in bodies(function)] == ["body", "body"]
    last = function.body[1]
    change = SmallChange("number", last, ((NodePlace(last, "value"), ast.Constant(2)),), (last,))
    assert (change.line, NodePlace(function, "body", 1).is_statement) == (4, True)
    undo = change.make()
    assert ast.unparse(last) == "return 2"
    undo()
    assert ast.unparse(last) == "return 1"


def test_changes_that_put_the_same_there_have_one_key():
    (function,) = ast.parse("def f(x):\n    return x + 1\n").body
    place = NodePlace(function.body[0], "value")
    one, same, other = (
        SmallChange(kind, function.body[0], ((place, ast.Constant(n)),), ())
        for kind, n in (("number", 2), ("number", 2), ("number", 3))
    )
    assert one.key == same.key
    assert one.key not in (other.key, one._replace(kind="name").key)


def test_each_two_of_several_are_exchanged():
    assert ["".join(items) for items in exchanged("abc")] == ["bac", "cba", "acb"]
    assert not [*exchanged("a")]


@pytest.mark.parametrize(
    ("text", "other", "is_endless"),
    [("a[-1] = b", "a", True), ("a.W[0] = b", "a", False), ("a[0] = b", "c", False), ("a = b", "a", False)],
)
def test_a_change_that_puts_an_array_into_itself_is_told(text, other, is_endless):
    (statement,) = ast.parse(text).body
    change = SmallChange("name", statement, ((NodePlace(statement, "value"), ast.Name(other)),), ())
    assert change.makes_endless == is_endless


def test_such_a_change_is_never_tried():
    (function,) = ast.parse("def f(a, b):\n    a[-1] = b\n    return a\n").body
    made = {ast.unparse(node) for change in changes(function, function, lambda _: True) for _, node in change.puts
            if isinstance(node, ast.Name)}  # fmt: skip
    assert "a" not in made
