"""Causes for a backward pass of any kind."""

from dataclasses import replace

import numpy as np

from chainrule.errors import TimeUpError
from chainrule.gradcheck.catalogue.any_backward import DERIVATIVE_WRONG
from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.diagnosis import by_true_values
from chainrule.gradcheck.diagnosis.by_true_values import causes
from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of
from support.recurrent_layer import checked, gradient, lost, of_sigmoid

X = np.random.default_rng(3).normal(size=(5, 3))
P = {"U": np.random.default_rng(1).normal(size=(3, 4)), "V": np.random.default_rng(2).normal(size=(3, 4))}


def cost(p, x):
    return ((x @ p["U"]) ** 2).sum() + ((x @ p["V"]) ** 3).sum()


def both_wrong(p, x):
    dU = x.T @ (x @ p["U"])
    dV = x.T @ (2 * (x @ p["V"]) ** 2)
    return {"U": dU, "V": dV}


def test_a_cause_says_what_and_where_and_of_which_value():
    (cause,) = causes([checked(lost)])
    assert cause.name == "path-left-out"
    assert cause.line.text.strip() == "dh = dout[t] + back"
    assert "`dout[t]" in cause.evidence
    assert set(cause.tensors) == {"x", "Wx", "Wh", "b"}


def test_a_slope_is_named_where_it_is_formed():
    (cause,) = causes([checked(of_sigmoid)])
    assert cause.name == "derivative-wrong"


def test_where_nothing_is_wrong_or_no_place_is_found_there_is_no_cause():
    assert causes([checked(gradient)]) == []
    assert causes([]) == []


def test_two_mistakes_are_two_causes_with_their_tensors_and_lines():
    point = compare_at(point_of(cost, both_wrong, P, (X,)), np.random.default_rng(0))
    first, second = causes([point])
    assert (first.tensors, second.tensors) == (("U",), ("V",))
    assert [each.line.text.split()[0] for each in (first, second)] == ["dU", "dV"]
    assert {first.name, second.name} == {"wrong-factor"}


def of_both(p, x):
    s = x @ p["U"]
    loss = (s**2).sum() + (s**3).sum()
    ds = 2 * s
    ds = ds + 3 * s
    return loss, {"U": x.T @ ds, "V": np.zeros_like(p["V"])}


def test_a_function_that_gives_cost_and_gradient_is_looked_at_beyond_its_cost():
    point = point_of(lambda p, x: of_both(p, x)[0], lambda p, x: of_both(p, x)[1], P, (X,))
    (cause,) = causes([compare_at(point, np.random.default_rng(0))])
    assert cause.tensors == ("U",)
    assert cause.line.text.strip() == "ds = ds + 3 * s"


def of_masked(p, x):
    return (np.maximum(x @ p["U"], 0) * np.maximum(x @ p["V"], 0)).sum()


def twice_where_it_counts(p, x):
    u, v = x @ p["U"], x @ p["V"]
    du = 2 * np.maximum(v, 0)
    return {"U": x.T @ (du * (u > 0)), "V": x.T @ (np.maximum(u, 0) * (v > 0))}


def test_what_a_later_step_cuts_off_need_not_be_0():
    point = point_of(of_masked, twice_where_it_counts, P, (X,))
    (cause,) = causes([compare_at(point, np.random.default_rng(0))])
    assert cause.name == "wrong-factor"
    assert cause.line.text.strip() == "du = 2 * np.maximum(v, 0)"


def scores(p, x):
    s = x @ p["U"]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return ((e / e.sum(axis=1, keepdims=True)) ** 3).sum() + (x @ p["V"]).sum()


def over_columns(p, x):
    s = x @ p["U"]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    q = e / e.sum(axis=1, keepdims=True)
    dq = 3 * q**2
    ds = q * (dq - (dq * q).sum(axis=-2, keepdims=True))
    return {"U": x.T @ ds, "V": np.outer(x.sum(axis=0), np.ones(4))}


def test_a_change_says_more_than_that_a_slope_is_missing():
    (cause,) = causes([compare_at(point_of(scores, over_columns, P, (X,)), np.random.default_rng(0))])
    assert cause.name == "wrong-axis"


def first_odd(p, x):
    return {"U": np.cos(p["U"]), "V": x.T @ (6 * (x @ p["V"]) ** 2)}


def test_of_several_causes_those_with_a_name_come_first(monkeypatch):
    monkeypatch.setattr(by_true_values, "of_two", lambda *_, **__: [])
    every = causes([compare_at(point_of(cost, first_odd, P, (X,)), np.random.default_rng(0))])
    assert [(cause.name, cause.tensors) for cause in every] == [("wrong-factor", ("V",)), ("unknown", ("U",))]


def test_what_comes_back_on_one_way_is_blamed_where_it_is_taken_for_the_whole(monkeypatch):
    point = checked(lost)
    (place,) = astray(point, TrueValues(point.point))
    earlier = tuple(value._replace(line=value.line._replace(number=7)) for value in place.given)
    monkeypatch.setattr(by_true_values.patched, "mending", lambda *_, **__: None)
    monkeypatch.setattr(by_true_values, "misplaced", lambda *_: replace(place, given=earlier))
    (cause,) = causes([point])
    assert (cause.name, cause.line.number) == ("path-left-out", 7)


def test_a_change_that_mends_several_parameters_is_told_once(monkeypatch):
    points = [compare_at(point_of(cost, both_wrong, P, (X,)), np.random.default_rng(0))]
    (part,) = by_true_values.several.Pairs(points).of_parameters({"U"})
    twice = [part, part._replace(tensors=("V",))]
    monkeypatch.setattr(by_true_values.several.Pairs, "of_parameters", lambda *_: twice)
    (cause,) = by_true_values.with_the_rest([], points)
    assert cause.tensors == ("U", "V")


def test_the_rest_is_left_where_time_is_up(monkeypatch):
    def time_is_up(*_):
        raise TimeUpError("still runs")

    monkeypatch.setattr(by_true_values.several, "Pairs", time_is_up)
    known = [WRONG_SIGN.cause(("x",), 0.9, "")]
    assert by_true_values.with_the_rest([*known], [checked(lost)]) == known


def test_what_is_hardly_known_is_told_where_no_two_changes_mend_it_or_time_is_up(monkeypatch):
    hardly = DERIVATIVE_WRONG.cause(("x",), 0.9, "not multiplied by its slope")
    both = [WRONG_SIGN.cause((name,), 0.9, "") for name in ("x", "b")]

    def time_is_up(points):
        raise TimeUpError("still runs")

    explained = by_true_values._Explained(hardly, is_vague=True)
    monkeypatch.setattr(by_true_values, "_of_one", lambda *_: explained)
    monkeypatch.setattr(by_true_values, "with_the_rest", lambda found, points: found)
    for of_two, told in ((lambda points: both, both), (lambda points: [], [hardly]), (time_is_up, [hardly])):
        monkeypatch.setattr(by_true_values, "of_two", of_two)
        assert causes([checked(lost)]) == told
