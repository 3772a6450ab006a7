"""A small change of a tree, made and taken back."""

import ast

from chainrule.gradcheck.program.change import NodePlace, SmallChange, bodies


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
