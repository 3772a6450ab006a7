"""The statements of a file's top level, and what of them another file imports."""

import ast

import pytest

from chainrule.gradcheck.program.definitions import Imported, definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.program.top_level import defines_one, statements_of


def source(text):
    return Source((Part("net.py", text),))


def test_what_stands_behind_the_guard_is_one_of_them():
    text = "if __name__ == '__main__':\n    def f(x):\n        return x\n"
    assert any(isinstance(node, ast.FunctionDef) for node in statements_of(source(text)))


@pytest.mark.parametrize(
    ("names", "wanted"), [(["f"], [True, False]), (["*"], [True, True]), ([], [False, False])]
)
def test_what_is_imported_is_defined_there(names, wanted):
    nodes = ast.parse("def f(): ...\nKINDS = {'relu': f}").body
    assert [defines_one(node, names) for node in nodes] == wanted


def test_the_texts_of_a_table_that_is_imported_are_options():
    table = source("KINDS = {'relu': 1, 'tanh': 2}")
    user = source("class Layer:\n    def __init__(self, kind):\n        self.f = KINDS[kind]\n")
    file = definitions(user, [Imported(table, frozenset(["KINDS"]))])
    assert file.options == {"kind": ("'relu'", "'tanh'")}
