"""A value that no change of its own line mends."""

import numpy as np

from chainrule.gradcheck.diagnosis.lines_before import lines_before, mending_before
from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

rng = np.random.default_rng(5)
X = rng.normal(size=(4, 3))
A = rng.normal(size=(3, 3))
B = rng.normal(size=(3, 3))


def cost(p, x):
    h = np.tanh(x @ p["A"])
    return ((h[1:] @ p["B"]) ** 3).sum()


def gradient(p, x):
    h = np.tanh(x @ p["A"])
    dy = 3 * (h[1:] @ p["B"]) ** 2
    dh = np.zeros_like(h)
    dh[1:] = dy @ p["B"].T
    rows = h[:-1]
    dB = rows.T @ dy
    return {"A": x.T @ (dh * (1 - h**2)), "B": dB}


def test_the_line_before_is_mended_and_those_that_are_right_are_no_mistake():
    checked = compare_at(point_of(cost, gradient, {"A": A, "B": B}, (X,)), rng)
    true = TrueValues(checked.point)
    (place,) = astray(checked, true)
    assert place.line.text.strip() == "dB = rows.T @ dy"
    lines = [line.text.strip() for line in lines_before(place, true)]
    assert lines[0] == "rows = h[:-1]"
    assert 'dy = 3 * (h[1:] @ p["B"]) ** 2' not in lines
    patch = mending_before([checked], true, place)
    assert patch is not None
    assert patch.after == "rows = h[1:]"


def test_without_a_place_any_line_may_be_meant():
    checked = compare_at(point_of(cost, gradient, {"A": A, "B": B}, (X,)), rng)
    patch = mending_before([checked], TrueValues(checked.point), None)
    assert patch is not None
    assert patch.after == "rows = h[1:]"


def cost_of_a_product(p, x):
    s = p["A"] * p["B"]
    return (s**3).sum() + (x * s).sum()


def gradient_without_a_term(p, x):
    s = p["A"] * p["B"]
    ds = 3 * s**2
    dA = ds * p["B"]
    dB = ds * p["A"]
    return {"A": dA, "B": dB}


def test_what_mends_in_one_place_comes_before_what_does_in_several():
    point = point_of(cost_of_a_product, gradient_without_a_term, {"A": A, "B": B}, (X[:3],))
    checked = compare_at(point, rng)
    patch = mending_before([checked], TrueValues(checked.point), None)
    assert patch is not None
    assert (patch.places, patch.after) == (1, "ds = 3 * s ** 2 + x")
