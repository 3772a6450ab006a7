"""``float`` and ``int`` of an array of one number, as in earlier versions of NumPy."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.earlier_versions import CALLED, compiled
from chainrule.gradcheck.program.one_number import as_entry, as_number
from chainrule.gradcheck.program.source import Part, Source


def test_an_array_of_one_number_is_this_number():
    assert as_number(float, np.array([[0.5]])) == as_number(float, np.array([0.5])) == 0.5
    assert as_number(int, np.array([2.7])) == 2


@pytest.mark.parametrize("value", [np.zeros(2), np.zeros((0, 1)), [0.5], "text"])
def test_what_is_no_number_is_none_here_either(value):
    with pytest.raises((TypeError, ValueError)):
        as_number(float, value)


def test_a_name_that_is_the_files_own_is_called_as_it_is():
    assert as_number(np.float32, 0.5) == 0.5
    names = Namespace(
        top_level(Source((Part("net.py", "def int(a):\n    return a\nx = int([1, 2])"),))), {**CALLED}
    )
    names.run()
    assert names["x"] == [1, 2]


def test_types_that_are_not_called_stay():
    text = "a = np.zeros(3, dtype=float)\nb = isinstance(a, float)\nc = float('inf')\nd = float(a.x, *y)"
    code = compiled(ast.parse(text), "net.py", classic=False)
    assert not {*code.co_names} & {*CALLED}


ENTRIES = """
def put(Z, v, kept):
    Z[0, 1] = v
    Z[1, 0] += v
    Z[1] = v[0]
    kept["v"], kept[0] = v, 1
    kept[1] = v
    kept["of"].a[0] = v
    return Z
"""


def test_an_entry_takes_an_array_of_one_number():
    names = Namespace(top_level(Source((Part("net.py", ENTRIES),))), {**CALLED})
    names.run()
    v, kept = np.array([[0.5]]), {"of": type("Kept", (), {"a": np.zeros(2)})}
    assert names["put"](np.ones((2, 2)), v, kept).tolist() == [[1.0, 0.5], [0.5, 0.5]]
    assert kept["v"] is kept[1] is v
    assert kept["of"].a.tolist() == [0.5, 0.0]


def test_what_is_no_number_or_goes_into_no_numbers_stays():
    v = np.array([[0.5]])
    assert as_entry(v, np.zeros(2, dtype=object)) is v
    assert as_entry(np.zeros(2), np.zeros(2)).shape == (2,)


def test_the_value_of_an_entry_comes_before_its_holder_and_errors_stand_where_they_are():
    text = """def put(kept):
    def made():
        kept.of = {}
        return 1.0
    kept.of["v"] = made()
    kept.fo["v"] = made()"""
    names = Namespace(top_level(Source((Part("net.py", text),))), {**CALLED})
    names.run()
    kept = SimpleNamespace()
    with pytest.raises(AttributeError) as raised:
        names["put"](kept)
    assert raised.traceback[-1].lineno == 5
    kept.fo = {}
    names["put"](kept)
    assert kept.fo == {"v": 1.0}
