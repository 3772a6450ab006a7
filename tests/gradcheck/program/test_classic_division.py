"""Functions of files for Python 2 are compiled again as they were first: with its division."""

import ast
import linecache

import numpy as np
import pytest

from chainrule.gradcheck.program.classic_division import DIVISIONS, divides_so
from chainrule.gradcheck.program.earlier_versions import compiled
from chainrule.gradcheck.program.patching import Patches
from chainrule.gradcheck.program.wrapping import wrapped

TEXT = "def half(a):\n    a = -a\n    return a / 2\n"


@pytest.fixture
def half():
    """``half`` of a file for Python 2."""
    linecache.cache["two.py"] = (len(TEXT), None, TEXT.splitlines(keepends=True), "two.py")
    names = dict(DIVISIONS)
    exec(compiled(ast.parse(TEXT), "two.py", classic=True), names)
    yield names["half"]
    del linecache.cache["two.py"]


def test_it_is_seen_in_a_function_and_in_what_a_function_makes(half):
    assert divides_so(half.__code__)
    assert divides_so(compile("def f():\n    return lambda a: __chainrule_divided__(a, 2)", "", "exec"))
    assert not divides_so(compile(TEXT, "", "exec"))


def test_what_it_gives_is_watched(half):
    seen = []
    half.__code__ = wrapped(
        half.__code__, lambda place, line, file, use, text, value: seen.append(value) or value
    )
    assert half(7) == -4
    assert seen[-1] == -4


def test_a_change_of_the_source_keeps_it(half):
    sevens = np.full((2, 2), 7)
    patches = Patches()
    given = [half(sevens)]
    for patch in patches.listed(half, lambda: half(sevens)):
        with patches.made([patch]), np.errstate(divide="ignore"):
            given.append(half(sevens))
    assert {-4, 3} <= {int(array[0, 0]) for array in given}
    assert all(array.dtype.kind == "i" for array in given)
