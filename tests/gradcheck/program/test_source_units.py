"""Pieces of source that are compiled by themselves."""

from __future__ import annotations

import ast

from chainrule.gradcheck.program import watching
from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.program.source_units import SourceUnit, is_on, is_run, top_level, units_run


def inner(x):
    return x + 1


class Layer:
    def forward(self, x):
        return inner(x) * 2

    def other(self):
        return 0


def never():
    return Layer().other()


def outer(x):
    return never() if x < 0 else Layer().forward(x)


def test_what_is_run_is_known_with_the_class_around_it():
    lines = watching.lines_of(outer, lambda: outer(1))
    units = units_run(known := {}, outer, lines)
    assert {unit.statement.name for unit in units} >= {"inner", "forward", "outer"}
    assert "never" not in {unit.statement.name for unit in units}
    (method,) = (unit for unit in units if unit.statement.name == "forward")
    assert isinstance(method.around, ast.ClassDef)
    assert method.functions == [Layer.forward]
    assert {id(unit) for unit in units_run(known, outer, lines)} == {id(unit) for unit in units}
    assert method.plain.co_consts


def test_statements_are_found_by_their_lines():
    function = next(each for each in top_level(__file__) if getattr(each, "name", "") == "outer")
    (returned,) = function.body
    assert is_on(SourceLine(__file__, returned.lineno, ""), __file__, returned)
    assert not is_on(SourceLine(__file__, returned.lineno + 1, ""), __file__, returned)
    assert is_run({(__file__, returned.lineno)}, __file__, function)
    assert not is_run({("other.py", returned.lineno)}, __file__, function)


def test_what_is_no_source_has_no_pieces():
    assert top_level("no such file") == []


def test_a_file_calls_numpy_by_its_own_name():
    def named(source):
        exec(source, names := {})
        return SourceUnit(
            "net.py", ast.Module([], []), ast.Pass(), ast.Pass(), False, False, [names["f"]]
        ).numpy

    assert named("import numpy\ndef f(): pass") == "numpy"
    assert named("import numpy as np, numpy\ndef f(): pass") == "np"
    assert named("def f(): import numpy as np") == "np"
