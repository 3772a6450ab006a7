"""The statements of a user's functions that give a value a name."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.program.interface import NamedStatement
from chainrule.gradcheck.program.statements import MOST_STATEMENTS, statements_of
from support.scaled_layer import forward, turned_back


def helper(v):
    return v * 2, np.exp(v)


def many(x, p):
    a, b = x + 1, x - 1
    kept = {"sum": a + b, "named": a}
    out = np.zeros_like(x)
    out[0] = a[0]
    out += b
    kept["out"] = out
    if p:
        total, most = helper(
            out + 1,
        )
        for i in range(3):
            out[i] += total[i] / most[i]

            def inner(v):
                return v + 1

            kept[i] = inner
    return {"dW": out * 2}


def of(function, *names: str) -> list[NamedStatement]:
    own = [s for s in statements_of(function) if s.function in (names or (function.__name__,))]
    start = min(s.first for s in own)
    return [s._replace(first=s.first - start, last=s.last - start) for s in own]


def test_each_has_its_name_and_the_expression_as_it_is_watched():
    found = [(s.target, s.text, s.whole, s.joins) for s in of(many)]
    assert found == [
        ("a", "x + 1", "", False),
        ("b", "x - 1", "", False),
        ("kept['sum']", "a + b", "", False),
        ("out", "np.zeros_like(x)", "", False),
        ("out[0]", "a[0]", "out", False),
        ("out", "out", "out", True),
        ("out", "out", "", True),
        ("kept['out']", "out", "kept", False),
        ("kept", "kept", "kept", True),
        ("(total, most)", "helper(", "", False),
        ("out[i]", "out[i]", "out", True),
        ("out", "out", "out", True),
        ("kept[i]", "inner", "kept", False),
        ("kept", "kept", "kept", True),
        ("dW", "out * 2", "", False),
    ]


def test_each_says_which_lines_it_has_and_whether_a_loop_repeats_it():
    found = {s.target: (s.first, s.last, s.repeats) for s in of(many)}
    assert found["a"] == (0, 0, False)
    assert found["(total, most)"] == (7, 9, False)
    assert found["out[i]"] == (11, 11, True)
    (inner,) = of(many, "inner")
    assert (inner.text, inner.repeats) == ("v + 1", False)


def test_what_a_function_calls_is_read_too_and_nothing_twice():
    found = statements_of(forward, forward)
    assert [s.target for s in found if s.function == "squashed"] == ["bent", ""]
    assert len(found) == len(set(found)) <= MOST_STATEMENTS
    assert [s.text for s in of(many, "helper")] == ["v * 2", "np.exp(v)"]


def test_a_name_that_is_returned_forms_nothing():
    assert "dh" in {s.target for s in of(turned_back)}
    assert "" not in {s.target for s in of(turned_back)}
