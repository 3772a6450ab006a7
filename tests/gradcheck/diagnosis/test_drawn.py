"""The computation of a wrong program: the statement that is wrong, beside what it should be."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from chainrule.errors import TimeUpError
from chainrule.gradcheck.computation import ComputationGraph, ComputedValue
from chainrule.gradcheck.diagnosis import drawn
from chainrule.gradcheck.diagnosis.by_true_values import causes
from chainrule.gradcheck.diagnosis.drawn import computation
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.result import Cause, Line
from support import scaled_layer
from support.points import point_of
from support.scaled_layer import (
    PARAMETERS,
    checked,
    doubled,
    mean_bias,
    right,
    true_dz,
    turned,
    turned_back,
)


def graph(gradient, *named: Cause) -> ComputationGraph:
    found = computation([checked(gradient)], named)
    assert found is not None
    return found


def in_state(found: ComputationGraph, state: str) -> list[ComputedValue]:
    return [value for value in found.values if value.state == state]


def made_of(found: ComputationGraph, name: str) -> set[str]:
    return {found.values[a].name for a, b in found.edges if found.values[b].name == name}


def beside(found: ComputationGraph, name: str) -> str | None:
    """The name of the value of which one is the derivative."""
    (value,) = (value for value in found.values if value.name == name and value.way == "backward")
    return None if value.derivative_of is None else found.values[value.derivative_of].name


def named_line(text: str) -> Cause:
    lines = Path(scaled_layer.__file__).read_text().splitlines()
    number = next(n for n, line in enumerate(lines, start=1) if line.strip() == text)
    return Cause("unknown", (), 0.5, "", "", Line.of_source(scaled_layer.__file__, number, text))


def test_a_right_computation_has_every_value_with_its_shape_and_what_it_is_made_of():
    found = graph(right)
    assert in_state(found, "right") == list(found.values)
    assert found.count == len(found.values)
    shapes = {value.name: value.shapes for value in found.values if value.way == "forward"}
    assert shapes == {
        "x": ((5, 3),), "w": ((3, 2),), "b": ((2,),), "z": ((5, 2),), "bent": ((5, 2),), "out": ((5, 2),),
        "dout": ((5, 2),), "forward()": ((),),
    }  # fmt: skip
    assert made_of(found, "z") == {"x", "w", "b"}
    assert made_of(found, "dw") == {"x", "dz"}
    assert [beside(found, name) for name in ("dz", "dx", "dw", "b")] == ["z", "x", "w", "b"]
    assert all(value.place.startswith("line ") for value in found.values if value.text)


def test_the_wrong_value_stands_beside_the_true_one():
    """The true one is derived by hand in the test's own support."""
    found = graph(doubled)
    (wrong,) = in_state(found, "wrong")
    assert (wrong.name, wrong.way, beside(found, "dz")) == ("dz", "backward", "z")
    (entry,) = wrong.entries
    true = true_dz()
    assert entry.true == pytest.approx(true[entry.index], rel=1e-6)
    assert entry.given == pytest.approx(2 * true[entry.index])
    assert abs(true[entry.index]) == np.abs(true).max()
    assert {value.name for value in in_state(found, "follows")} == {"dx", "dw", "b"}


def test_of_a_small_value_every_entry_is_told():
    (wrong,) = in_state(graph(mean_bias), "wrong")
    assert [entry.index for entry in wrong.entries] == [(0,), (1,)]
    np.testing.assert_allclose([entry.true for entry in wrong.entries], true_dz().sum(axis=0), rtol=1e-6)
    np.testing.assert_allclose([entry.given for entry in wrong.entries], true_dz().mean(axis=0))


def test_the_line_that_a_cause_names_is_the_one_that_is_red():
    point = checked(doubled)
    (cause,) = causes([point])
    found = computation([point], [cause])
    assert found is not None
    (wrong,) = in_state(found, "wrong")
    assert cause.line is not None
    assert wrong.place == cause.line.place


def test_where_a_named_line_cannot_be_put_right_what_is_made_of_it_stands_in_red_frames():
    found = graph(doubled, named_line("z = x @ w + b"))
    (wrong,) = in_state(found, "wrong")
    assert (wrong.name, wrong.entries) == ("z", ())
    assert {"dz", "dx", "out"} <= {value.name for value in in_state(found, "follows")}


def test_of_a_loop_the_wrong_turn_is_told():
    h, x = {"h": np.array([0.3, -0.2, 0.5])}, np.random.default_rng(5).normal(size=(4, 3)) + 2
    point = point_of(turned, lambda p, x: turned_back(p, x, wrong=True), h, (x,))
    found = computation([compare_at(point, np.random.default_rng(0))], ())
    assert found is not None
    (wrong,) = in_state(found, "wrong")
    assert (wrong.turns, wrong.turn) == (4, 4)
    assert all(entry.given == pytest.approx(2 * entry.true, rel=1e-6) for entry in wrong.entries)


def both_ways(p, x, *, scale: float):
    hidden = np.tanh(x * p["w"])
    loss = (hidden**2).sum()
    dhidden = scale * hidden
    dw = (dhidden * (1 - hidden**2) * x).sum(axis=0)
    return loss, {"w": dw}


def test_a_function_that_goes_both_ways_is_taken_apart_by_what_the_cost_depends_on():
    x, w = np.random.default_rng(1).normal(size=(4, 3)), {"w": np.array([0.5, -0.4, 0.2])}
    point = point_of(
        lambda p, x: both_ways(p, x, scale=3.0)[0], lambda p, x: both_ways(p, x, scale=3.0)[1], w, (x,)
    )
    found = computation([compare_at(point, np.random.default_rng(0))], ())
    assert found is not None
    ways = {value.name: value.way for value in found.values}
    assert {name for name, way in ways.items() if way == "forward"} >= {"w", "hidden", "loss"}
    assert [ways["dhidden"], ways["dw"]] == ["backward", "backward"]
    (wrong,) = in_state(found, "wrong")
    assert (wrong.name, beside(found, "dhidden")) == ("dhidden", "hidden")
    assert all(entry.given == pytest.approx(1.5 * entry.true, rel=1e-6) for entry in wrong.entries)
    assert [value.name for value in in_state(found, "follows")] == ["dw"]


def test_too_many_values_are_counted_and_not_told(monkeypatch):
    every = graph(right)
    monkeypatch.setattr(drawn, "MOST_VALUES", every.count - 1)
    assert asdict(graph(right)) == {"values": (), "edges": (), "count": every.count}


def test_a_program_that_cannot_be_watched_has_no_picture():
    made = eval("lambda p: (p['w'] ** 2).sum()"), eval("lambda p: {'w': 2 * p['w']}")  # noqa: S307
    point = point_of(*made, {"w": np.ones(2)})
    assert computation([compare_at(point, np.random.default_rng(0))], ()) is None


def centred(p, dout):
    mu = p["x"].mean(axis=1, keepdims=True)
    return ((p["x"] - mu) ** 3 * dout).sum()


def centred_back(p, dout):
    dxmu = 3 * (p["x"] - p["x"].mean(axis=1, keepdims=True)) ** 2 * dout
    dmu = -dxmu.sum(axis=0, keepdims=True)
    return {"x": dxmu + dmu / 3}


def test_of_a_value_of_another_shape_the_true_shape_is_told():
    x = PARAMETERS["x"]
    point = compare_at(point_of(centred, centred_back, {"x": x}, (x + 1,)), np.random.default_rng(0))
    found = computation([point], ())
    assert found is not None
    (wrong,) = in_state(found, "wrong")
    assert (wrong.name, wrong.shapes, wrong.true_shape, wrong.entries) == ("dmu", ((1, 3),), (5, 1), ())


def on_one_line(p, dout):
    z = p["x"] @ p["w"] + p["b"]
    dz = dout * 0.5 * (1 - np.tanh(z) ** 2)
    dw, db = p["x"].T @ dz, dz.mean(axis=0)
    return {"x": dz @ p["w"].T, "w": dw, "b": db}


def test_of_two_values_on_one_line_the_wrong_one_alone_is_red():
    point = checked(on_one_line)
    (cause,) = causes([point])
    found = computation([point], [cause])
    assert found is not None
    assert [value.name for value in in_state(found, "wrong")] == ["db"]
    assert in_state(found, "follows") == []


def test_what_fails_costs_the_picture_alone_and_time_that_is_up_is_said(monkeypatch):
    for error, outcome in ((ValueError("odd"), None), (TimeUpError("time is up"), TimeUpError)):

        def failing(*_, error=error, **__):
            raise error

        monkeypatch.setattr(drawn, "astray_at", failing)
        if outcome is None:
            assert computation([checked(doubled)], ()) is None
        else:
            with pytest.raises(outcome):
                computation([checked(doubled)], ())
