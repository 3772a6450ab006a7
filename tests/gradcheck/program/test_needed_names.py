"""Which names of its module a function reads whatever it is given."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.needed_names import names_of_module, needed_names


def needed(body):
    (node,) = ast.parse(f"def f(x, y=None):\n    {body}").body
    assert isinstance(node, ast.FunctionDef)
    return {*needed_names(node)}


@pytest.mark.parametrize(
    "body",
    [
        "return x + a",
        "z = a.T @ x\n    return z",
        "x[a] += 1",
        "for i in range(a):\n        x += i",
        "if a > 0:\n        return x",
        "with a:\n        return x",
        "with x:\n        return a",
        "return [x * a for x in a]",
        "return a if a else x",
        "return a and x",
        "assert x\n    return a",
        "def g():\n        return 3\n    return a(g)",
        "match a:\n        case 1:\n            return x",
    ],
)
def test_what_is_read_in_any_case(body):
    assert needed(body) == {"a"}


@pytest.mark.parametrize(
    "body",
    [
        "return x + len(y)",
        "a = x\n    return a",
        "import a\n    return a.b",
        "if x:\n        return a",
        "if x:\n        return 3\n    return a",
        "for i in x:\n        y = a",
        "while x:\n        y = a",
        "try:\n        return a\n    except NameError:\n        return x",
        "return lambda: a",
        "return x if x else a",
        "return x and a",
        "return 1 < x < a",
        "return [a for z in x]",
        "assert a",
        "def g():\n        return a\n    return g",
        "yield a",
        "global b\n    b = 3\n    return b",
        "return __name__",
        "def g():\n        nonlocal x\n        x = 3\n    return x",
        "for a in x:\n        y = a\n    return a",
        "return sum(a for a in x)",
        "match x:\n        case 1:\n            y = a",
        "match x:\n        case (a, *b):\n            pass\n    return a + b",
        "match x:\n        case {'w': 1, **a}:\n            pass\n    return a",
        "try:\n        y = a\n    except* NameError:\n        pass",
    ],
)
def test_what_is_its_own_or_may_never_be_read(body):
    assert needed(body) == set()


def test_what_is_looked_up_in_a_module_is_no_name_of_a_function_around_and_no_attribute():
    def outer(w):
        return lambda x: (x.w + w) * len(pytest.__name__)

    assert names_of_module(outer(3).__code__) == {"len", "pytest"}
