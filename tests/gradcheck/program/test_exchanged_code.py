"""Functions that run other code for a while."""

import ast
import linecache

import pytest

from chainrule.gradcheck.program.change import NodePlace, SmallChange
from chainrule.gradcheck.program.exchanged_code import code_looking, code_with, running
from chainrule.gradcheck.program.source_units import units_run
from chainrule.gradcheck.program.wrapping import PROBE


def doubled(x):
    return 2 * x


def unit_and_place():
    """The piece of source of a function, and where its formula stands."""
    lines = {(doubled.__code__.co_filename, doubled.__code__.co_firstlineno + 1)}
    linecache.checkcache(doubled.__code__.co_filename)
    (unit,) = units_run({}, doubled, lines)
    return unit, NodePlace(unit.statement.body[0], "value")


def test_other_code_runs_within_and_never_after():
    unit, place = unit_and_place()
    change = SmallChange("name", place.parent, ((place, ast.Constant(7)),), ())
    with running([unit], {id(unit): code_with([change], unit)}, 1.0):
        assert doubled(1) == 7
    assert doubled(1) == 2


def test_what_takes_too_long_is_stopped_and_put_back():
    unit, place = unit_and_place()
    endless = ast.parse("any(None for _ in iter(int, 1))", mode="eval").body
    change = SmallChange("name", place.parent, ((place, endless),), ())
    with pytest.raises(TimeoutError), running([unit], {id(unit): code_with([change], unit)}, 0.1):
        doubled(1)
    assert doubled(1) == 2


def test_a_probe_is_called_with_what_is_looked_at():
    unit, place = unit_and_place()
    call = ast.Call(ast.Constant(PROBE), [ast.Constant(1), place.get()], [])
    seen = []
    looking = SmallChange("name", place.parent, ((place, call),), ())
    code = code_looking([looking], unit, lambda *told: seen.append(told) or told[1])
    with running([unit], {id(unit): code}, 1.0):
        assert doubled(3) == 6
    assert seen == [(1, 6)]


def test_what_is_no_code_is_none():
    unit, place = unit_and_place()
    nothing = SmallChange("name", place.parent, ((place, ast.Name("x", ast.Store())),), ())
    assert code_looking([nothing], unit, print) is None
