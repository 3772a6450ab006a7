"""The names that some code reads and sets."""

import ast

from chainrule.gradcheck.program.names_used import names_in, names_read, names_set


def test_names_are_read_set_or_both():
    tree = ast.parse("a, b[0] = c(d.e, f=a)")
    assert names_in(tree) == {"a", "b", "c", "d"}
    assert names_read(tree) == {"a", "b", "c", "d"}
    assert [n.id for n in names_set(tree)] == ["a"]
