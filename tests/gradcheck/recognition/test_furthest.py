"""Of many errors, that of the try which came furthest."""

from __future__ import annotations

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.recognition.furthest import described, furthest


def first(n):
    if n == 0:
        raise IndexError("early")
    if n == 1:
        raise KeyError("late")


def second():
    raise ValueError("last")


def silent():
    raise ValueError


def raised(call) -> Exception:
    with pytest.raises((ArithmeticError, LookupError, ValueError)) as error:
        call()
    return error.value


def test_the_error_of_the_last_function_and_of_its_last_line_counts():
    outside = raised(lambda: 1 / 0)
    early, late, last = raised(lambda: first(0)), raised(lambda: first(1)), raised(second)
    assert furthest([outside, last, late], ["first", "second"]) is last
    assert furthest([outside, late, early], ["first", "second"]) is late
    assert furthest([outside, late], ["second"]) is outside
    assert furthest([], ["first"]) is None


def test_the_kind_of_an_error_and_its_line_are_said_unless_it_is_ours():
    assert described(KeyError("W1")) == "KeyError: 'W1'"
    line = first.__code__.co_firstlineno + 4
    assert described(raised(lambda: first(1))) == f"KeyError: 'late'; test_furthest.py, line {line}"
    line = silent.__code__.co_firstlineno + 1
    assert described(raised(silent)) == f"ValueError: raise ValueError; test_furthest.py, line {line}"
    assert "the module utils is not there" in described(ModuleNotFoundError("No module", name="utils"))
    assert described(CheckError("it is too large")) == "it is too large"
