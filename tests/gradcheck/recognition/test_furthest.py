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


def test_the_kind_of_an_error_is_said_unless_it_is_ours():
    assert described(KeyError("W1")) == "KeyError: 'W1'"
    assert described(CheckError("it is too large")) == "it is too large"
