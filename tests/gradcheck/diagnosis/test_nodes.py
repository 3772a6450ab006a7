"""The values of a computation as nodes."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.nodes import Node, after, is_telling, short_name, with_sources
from chainrule.gradcheck.diagnosis.nodes import without_beginnings as filled
from chainrule.gradcheck.program.interface import NamedStatement, SourceLine, WatchedValue


def node(name, array=(1.0, 2.0), sources=(), *, formed=True):
    line = SourceLine("net.py", 1, "")
    value = WatchedValue("net.py:1", 0, line, "", name, np.array(array))
    statement = NamedStatement(line, 1, 1, name, "", "", False, "f", 1, False) if formed else None
    return Node(name, [value], statement, list(sources))


def test_sources_are_followed_through_loops():
    a = node("a")
    b = node("b", sources=[a])
    c = node("c", sources=[b])
    a.sources.append(c)
    d = node("d")
    assert {each.name for each in with_sources([b])} == {"a", "b", "c"}
    assert after([a, b, c, d], [b]) == {id(a), id(c)}


def test_zeros_that_are_filled_later_are_told_once():
    zeros, given = node("dx", (0.0, 0.0)), node("dx", (0.0, 0.0), formed=False)
    last, alone = node("dx", sources=[zeros]), node("dh", (0.0, 0.0))
    assert filled([zeros, given, last, alone]) == [given, last, alone]


@pytest.mark.parametrize(
    ("text", "short"), [("self.W", "W"), ('params["W1"]', "W1"), ("dx[i]", "dx[i]"), ("x", "x")]
)
def test_names_are_told_without_what_holds_them(text, short):
    assert short_name(text) == short


def test_arrays_of_one_number_tell_nothing():
    assert is_telling(np.array([1.0, 2.0]))
    assert not is_telling(np.zeros((3, 2)))
    assert not is_telling(np.zeros((0, 2)))
