"""Functions that are called by the name of their module."""

from __future__ import annotations

import ast
import types

import pytest

from chainrule.gradcheck.loading.whole_modules import functions_called


def called(text, **modules):
    known = {}
    for name, functions in modules.items():
        known[name] = types.ModuleType(name)
        vars(known[name]).update({function: lambda x: x for function in functions})
    found = functions_called(ast.parse(text).body, known, lambda node: True)
    return {module.__name__: {*functions} for module, functions in found.items() if functions}


def test_those_of_a_module_that_is_imported_as_a_whole():
    text = "import tools as t\ndef f(x): return t.half(x) + t.missing + t.pi"
    assert called(text, t=["half", "twice"]) == {"t": {"half"}}
    assert called("from course import tools\ntools.half(3)", tools=["half"]) == {"tools": {"half"}}


@pytest.mark.parametrize(
    "line",
    [
        "half = 3",
        "def half(x): ...",
        "class half: ...",
        "from other import half",
        "def g(half): ...",
        "print(half)",
    ],
)
def test_no_name_that_something_else_goes_by(line):
    assert called(f"import tools\n{line}\ntools.half(3)", tools=["half"]) == {}


def test_no_name_that_two_modules_give():
    text = "import one, two\none.half(two.half(one.twice(3)))"
    assert called(text, one=["half", "twice"], two=["half"]) == {"one": {"twice"}}


def test_only_imports_of_the_authors_own_are_asked_for():
    text = "import numpy as np\nX = len('abc')\nnp.dot(X.half, 3)"
    assert functions_called(ast.parse(text).body, {}, lambda node: False) == {}


def test_what_is_no_module_or_cannot_be_imported_gives_none():
    class Names(dict):
        def __missing__(self, name):
            raise NameError(name)

    text = "from data import X\nimport broken\nn = X.shape\nbroken.go(n)"
    assert functions_called(ast.parse(text).body, Names(X=[1.0]), lambda node: True) == {}
