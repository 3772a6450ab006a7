"""One text compiled with one change after the other."""

from __future__ import annotations

import ast

from chainrule.gradcheck.program.earlier_versions import compiled
from chainrule.gradcheck.program.recompiling import Recompiled

TEXT = """
class Net:
    def step(self, x):
        total = 0.0
        for i in range(3):
            if i < 2:
                total += x
            else:
                total -= 1
        return total / 2
"""


def value(code):
    names = {}
    exec(code, names)
    return names["Net"]().step(3.0)


def test_each_change_is_in_its_own_code_alone():
    tree = ast.parse(TEXT)
    text = Recompiled(tree, "net.py", classic=False)
    added = next(node for node in ast.walk(tree) if isinstance(node, ast.AugAssign))
    loop = next(node for node in ast.walk(tree) if isinstance(node, ast.For))
    assert value(text.code()) == 2.5
    added.op = ast.Sub()
    assert value(text.code([added])) == -3.5
    added.op = ast.Add()
    before = loop.iter.args
    loop.iter.args = [ast.Constant(2)]
    assert value(text.code([loop.iter])) == 3.0
    loop.iter.args = before
    loop.body, body = [ast.Pass()], loop.body
    assert value(text.code([loop])) == 0.0
    loop.body = body
    assert value(text.code()) == 2.5


def test_lines_are_those_of_the_text():
    tree = ast.parse(TEXT)
    again, whole = Recompiled(tree, "net.py", classic=False).code(), compiled(tree, "net.py", classic=False)
    assert again == whole


def test_whole_numbers_are_divided_as_they_were():
    tree = ast.parse("def f():\n    return 7 / 2\n")
    assert "__chainrule_divided__" in repr(
        Recompiled(tree, "net.py", classic=True).code().co_consts[0].co_names
    )
