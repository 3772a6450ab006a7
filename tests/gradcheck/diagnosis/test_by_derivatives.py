"""What is wrong with a value, from other true values."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.by_derivatives import _is_one_turn, elementwise, of_another, paths
from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.odd_value import OddValue
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

RNG = np.random.default_rng(4)
P = {name: RNG.normal(size=(3, 4)) for name in ("a", "c")}
DOUT = RNG.normal(size=(3, 4))


def gated(p, dout):
    f = 1 / (1 + np.exp(-p["a"]))
    kept = f * p["c"]
    return ((kept + p["c"]) * dout).sum()


def backward(p, dout, of_c, of_a):
    f = 1 / (1 + np.exp(-p["a"]))
    dc = of_c(f, dout)
    da = of_a(f, dout, p)
    return {"a": da, "c": dc}


def right_a(f, dout, p):
    return dout * p["c"] * f * (1 - f)


def named(rule, of_c=lambda f, dout: dout * f + dout, of_a=right_a):
    def wrong(p, dout):
        return backward(p, dout, of_c, of_a)

    point = compare_at(point_of(gated, wrong, P, (DOUT,)), np.random.default_rng(0))
    true = TrueValues(point.point)
    (place,) = astray(point, true)
    return next(rule(OddValue.of(place, point, true)), None)


@pytest.mark.parametrize(
    ("of_c", "name"),
    [
        (lambda f, dout: dout * f, "path-left-out"),
        (lambda f, dout: dout * f + 2 * dout, "path-counted-twice"),
        (lambda f, dout: dout * f - dout, "wrong-sign"),
        (lambda f, dout: dout * f + 0.3 * dout, "wrong-factor"),
    ],
    ids=["left out", "twice", "sign", "factor"],
)
def test_a_way_to_the_cost_has_another_factor(of_c, name):
    found = named(paths, of_c)
    assert found.bug.name == name
    assert "line" in found.words


def test_the_derivative_by_what_a_step_gives_lacks_that_step():
    found = named(of_another, of_a=lambda f, dout, p: dout * p["c"] * 1.0)
    assert found.bug.name == "derivative-missing"


def test_the_slope_of_another_function_is_told():
    found = named(elementwise, of_a=lambda f, dout, p: dout * p["c"] * (1 - f**2))
    assert found.bug.name == "derivative-wrong"
    assert "1 - v**2" in found.words


def squared(x):
    return x + np.tanh(x) * x


def two_blocks(p):
    return (squared(squared(p["a"])) ** 2).sum()


def without_the_shortcut(p):
    x, inner = p["a"], []
    for _ in range(2):
        inner.append(x)
        x = squared(x)
    dx = 2 * x
    for x in reversed(inner):
        dx = dx * (np.tanh(x) + x * (1 - np.tanh(x) ** 2))
    return {"a": dx}


def test_uses_of_other_values_at_the_same_place_are_no_turns_of_one():
    point = compare_at(point_of(two_blocks, without_the_shortcut, {"a": P["a"]}), np.random.default_rng(0))
    true = TrueValues(point.point)
    value = next(each for each in true.every if not each.is_use and each.at.text == "x + np.tanh(x) * x")
    uses = [each for each in true.every if each.is_use and np.array_equal(each.at.array, value.at.array)]
    case = OddValue(None, value.at.array, value.at.array, value, true, point)
    assert uses
    assert not any(_is_one_turn(use, case) for use in uses)


def softly(p):
    return ((np.maximum(p["a"], 0) + np.log1p(np.exp(-np.abs(p["a"])))) * p["c"]).sum()


def without_its_slope(p):
    da = p["c"] * 1.0
    return {"a": da, "c": np.maximum(p["a"], 0) + np.log1p(np.exp(-np.abs(p["a"])))}


def test_what_is_the_derivative_by_a_sum_and_by_each_of_its_terms_lacks_the_step():
    point = compare_at(point_of(softly, without_its_slope, P), np.random.default_rng(0))
    true = TrueValues(point.point)
    (place,) = astray(point, true)
    assert next(of_another(OddValue.of(place, point, true))).bug.name == "derivative-missing"


def in_turns(p):
    h = p["a"]
    for _ in range(3):
        g = np.tanh(h)
        h = g * p["c"] + h**2 + h
    return h.sum()


def without_tanh(p):
    inner, h = [], p["a"]
    for _ in range(3):
        inner.append(h)
        h = np.tanh(h) * p["c"] + h**2 + h
    dh, dc = np.ones_like(h), np.zeros_like(h)
    for h in reversed(inner):
        dc += dh * np.tanh(h)
        dh = dh * (2 * h + 1)
    return {"a": dh, "c": dc}


def test_what_comes_behind_a_value_is_in_the_next_turn():
    point = compare_at(point_of(in_turns, without_tanh, P), np.random.default_rng(0))
    true = TrueValues(point.point)
    (place,) = astray(point, true)
    named = next(paths(OddValue.of(place, point, true)))
    assert (named.bug.name, "`np.tanh(h)`" in named.words or "`h`" in named.words) == ("path-left-out", True)
    sites = [each.at.occurrence for each in true.in_time if each.at.text == "np.tanh(h)"]
    assert sites == sorted(sites)
