"""Files written for Python 2: what they say in Python 3, on the same lines, with their division."""

import sys

import pytest

from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.loading.python2 import GIVEN, as_python_3
from chainrule.gradcheck.program.source import Part, Source


def read(*texts):
    return as_python_3(Source(tuple(Part(f"cell {i}", text) for i, text in enumerate(texts))))


def value_of(text, name="x"):
    """What a file of Python 2 gives a name."""
    content = read(f"print 'begun'\n{text}\n")
    module = UserModule("two")
    sys.modules["two"] = module
    try:
        return module.load(content, **GIVEN)[name]
    finally:
        del sys.modules["two"]


@pytest.mark.parametrize(
    "text",
    [
        "print 'hello'",
        "print x, y",
        "print 1\nprint",
        "print >>f, x\nprint 1",
        "try:\n    f()\nexcept OSError, e:\n    pass",
        "raise ValueError, 'no'",
        "if a <> b: pass",
        "x = `1`",
        "x = 0777",
        "x = 10L",
        "x = ur'a'",
        "exec 'x = 1'",
        "def f(a, (b, c)): return b",
        "print 'a'\nif x:\n        y = 1\n\tz = 2",
    ],
)
def test_its_syntax_becomes_that_of_python_3_line_by_line(text):
    content = read(text)
    (part,) = content.parts
    compile(part.text, "two.py", "exec")
    assert part.classic_division
    assert part.text.count("\n") == text.count("\n")
    assert content.notes == ("read as Python 2, where / leaves whole numbers whole",)


@pytest.mark.parametrize(
    "text", ["x = 7 / 2", "print('hello')", "for x in range(3): print(x)", "def f(:", "7 +"]
)
def test_what_is_python_3_or_no_python_is_left_alone(text):
    assert read(text) == Source((Part("cell 0", text),))


def test_methods_that_dictionaries_no_longer_have_are_exchanged_where_nothing_else_is_of_python_2():
    text = "for k, v in d.iteritems():\n    print(f'{k}', 7 / 2, d.has_key(k))"
    (part,) = read(text).parts
    assert part.text == "for k, v in d.items():\n    print(f'{k}', 7 / 2, k in d)"
    assert not part.classic_division


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x = 7 / 2", 3),
        ("x = -7 / 2", -4),
        ("x = 7 / 2.0", 3.5),
        ("def f(x):\n    x /= 2\n    return x\nx = f(7)", 3),
        ("def f(x):\n    x[0] /= 2\n    return x[0]\nx = f([7.0])", 3.5),
        ("x = sum(xrange(7)) / len('ab')", 10),
        ("import numpy as np\nx = (np.arange(4) / 2).tolist()", [0, 0, 1, 1]),
        ("import numpy as np\nx = (np.arange(4) / 2.).tolist()", [0, 0.5, 1, 1.5]),
        ("x = map(abs, [-1, 2])[0]", 1),
        ("x = zip('a', 'b')[0]", ("a", "b")),
        ("x = reduce(lambda a, b: a + b, [1, 2])", 3),
        ("import cPickle\nx = cPickle.loads(cPickle.dumps(3))", 3),
    ],
)
def test_it_runs_as_in_python_2(text, value):
    assert value_of(text) == value


def test_a_file_that_asks_for_true_division_has_it():
    assert not any(
        part.classic_division for part in read("from __future__ import division\nprint 7 / 2").parts
    )


def test_what_is_divided_in_place_stays_the_same_array():
    assert (
        value_of("import numpy as np\ndef f(x):\n    y = x\n    x /= 2\n    return y[0]\nx = f(np.ones(2))")
        == 0.5
    )


def test_one_cell_of_python_2_makes_a_notebook_one():
    first, second = read("x = 7 / 2", "print x").parts
    assert first.classic_division
    assert second.text == "print(x)"


def test_a_cell_that_is_no_python_of_either_kind_stays_as_it_is():
    _, second = read("print 'a'", "def f(:").parts
    assert second.text == "def f(:"


def divided(text):
    return as_python_3(Source((Part("old.py", text),))).parts[0].classic_division


@pytest.mark.parametrize("text", ["for i in xrange(3 / 2): x = i", "n = raw_input() / 2"])
def test_a_name_that_python_2_alone_has_tells_it(text):
    assert divided(text)
    assert not divided(f"from __future__ import division\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "from past.builtins import xrange\nfor i in xrange(3): x = i / 2",
        "xrange = range\nfor i in xrange(3): x = i / 2",
        "def raw_input(): return 3\nn = raw_input() / 2",
        "for i in range(3): x = frame.xrange(i) / 2",
        "rows = frame.iteritems()",
    ],
)
def test_one_that_the_file_makes_does_not(text):
    assert not divided(text)
