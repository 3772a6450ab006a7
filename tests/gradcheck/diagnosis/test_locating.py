"""The first value of a backward pass in whose place a true one mends the gradient."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.locating import astray, astray_at, slope_astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of
from support.recurrent_layer import checked, gradient, lost, of_sigmoid, variance_held

W = {"U": np.random.default_rng(1).normal(size=(3, 4)), "V": np.random.default_rng(2).normal(size=(4, 2))}
X = np.random.default_rng(3).normal(size=(5, 3))


def outputs(p, x):
    a = x @ p["U"]
    h = a**3 + a
    return (h @ p["V"]).sum() ** 2


def found(checked_point):
    return [(place.line.text.strip(), place.tensors) for place in places_of(checked_point)]


def places_of(checked_point):
    return astray(checked_point, TrueValues(checked_point.point))


def with_two_mistakes(p, x):
    a = x @ p["U"]
    h = a**3 + a
    d = 2 * (h @ p["V"]).sum() * np.ones((5, 2))
    dV = h.T @ d / 7
    dh = d @ p["V"].T
    da = dh * (2 * a**2 + 1)
    return {"U": x.T @ da, "V": dV}


def test_a_right_gradient_goes_nowhere_astray():
    assert found(checked(gradient)) == []


@pytest.mark.parametrize(
    ("wrong", "norm", "line"),
    [
        (lost, False, "dh = dout[t] + back"),
        (of_sigmoid, False, "dz = dh * slope(h[t])"),
        (variance_held, True, "dcentred = dout / std"),
    ],
    ids=["lost", "of sigmoid", "variance"],
)
def test_the_line_is_that_of_the_first_value_that_is_not_right(wrong, norm, line):
    (place,) = places_of(checked(wrong, norm=norm))
    assert place.line.text.strip() == line
    assert len(place.given) == len(place.right) == len(place.true)


def test_two_mistakes_are_told_apart_by_what_they_spoil():
    point = compare_at(point_of(outputs, with_two_mistakes, W, (X,)), np.random.default_rng(0))
    places = found(point)
    assert sorted(tensors for _, tensors in places) == [("U",), ("V",)]
    assert {line for line, _ in places} == {"dV = h.T @ d / 7", "da = dh * (2 * a**2 + 1)"}


def highway(p, x):
    t = np.tanh(p["x"] @ p["W"] + p["b"])
    return ((t * x + (1 - t) * p["x"]) ** 2).sum()


def highway_back(p, x):
    t = np.tanh(p["x"] @ p["W"] + p["b"])
    d = 2 * (t * x + (1 - t) * p["x"])
    da = d * x * (1 - t**2)
    return {"W": p["x"].T @ da, "b": da.sum(axis=0), "x": da @ p["W"].T + d}


def test_what_spoils_several_parameters_is_found_where_one_has_a_mistake_of_its_own():
    rng = np.random.default_rng(4)
    parameters = {"W": rng.normal(size=(3, 3)), "b": rng.normal(size=3), "x": rng.normal(size=X.shape)}
    places = found(compare_at(point_of(highway, highway_back, parameters, (X,)), rng))
    assert places == [
        ("da = d * x * (1 - t**2)", ("W", "b")),
        ('return {"W": p["x"].T @ da, "b": da.sum(axis=0), "x": da @ p["W"].T + d}', ("x",)),
    ]


def mixed(p, gate):
    experts = np.einsum("nd,edm->nem", p["x"], p["W"]) + p["b"]
    return (np.einsum("ne,nem->nm", gate, experts) ** 2).sum()


def mixed_back(p, gate):
    d = 2 * np.einsum("ne,nem->nm", gate, np.einsum("nd,edm->nem", p["x"], p["W"]) + p["b"])
    dexperts = np.repeat(d[:, np.newaxis], 2, axis=1)
    db = dexperts.sum(axis=0)
    dW = np.einsum("nd,nem->edm", p["x"], dexperts)
    return {"W": dW, "b": db, "x": np.einsum("nem,edm->nd", dexperts, p["W"]) / 2}


def test_what_is_put_together_in_front_of_a_parameter_of_several_may_spoil_it():
    rng = np.random.default_rng(4)
    parameters = {"W": rng.normal(size=(2, 3, 4)), "b": rng.normal(size=(2, 4)), "x": X}
    gate = rng.uniform(size=(5, 2))
    places = found(compare_at(point_of(mixed, mixed_back, parameters, (gate,)), rng))
    assert places[0][0] == "dexperts = np.repeat(d[:, np.newaxis], 2, axis=1)"
    assert [tensors for _, tensors in places] == [("W", "b"), ("x",)]


def test_the_slope_that_a_value_is_made_of_is_found():
    point = compare_at(point_of(outputs, with_two_mistakes, W, (X,)), np.random.default_rng(0))
    true = TrueValues(point.point)
    place = next(each for each in astray(point, true) if each.tensors == ("U",))
    slope = slope_astray(place, point, true)
    assert slope is not None
    assert (slope[0].given[0].text, slope[1].of.text, slope[1].by.text) == ("2 * a**2", "a**3", 'x @ p["U"]')


def test_at_another_point_the_same_place_is_looked_for_alone():
    first = places_of(checked(lost))
    other = checked(lost)
    again = astray(other, TrueValues(other.point), first)
    assert [place.given[0].site for place in again] == [place.given[0].site for place in first]


def test_what_is_blamed_is_looked_at_first_and_as_a_whole():
    point = compare_at(point_of(outputs, with_two_mistakes, W, (X,)), np.random.default_rng(0))

    def is_blamed(value):
        return value.line.text.strip() == "da = dh * (2 * a**2 + 1)"

    first, second = astray_at(point, TrueValues(point.point), is_blamed)
    assert (first.given[0].text, first.tensors) == ("dh * (2 * a**2 + 1)", ("U",))
    assert second.tensors == ("V",)


def before_norm(p, x):
    a = x @ p["U"] + p["c"]
    h = (a - a.mean(axis=0)) / a.std(axis=0)
    return (h * np.arange(1, 6)[:, None] ** 2).sum()


def before_norm_back(p, x):
    a = x @ p["U"] + p["c"]
    dh = np.arange(1, 6)[:, None] ** 2 * np.ones_like(a)
    da = (dh - dh.mean(axis=0)) / a.std(axis=0)
    return {"U": x.T @ da, "c": da.sum(axis=0)}


def test_a_gradient_of_0_hides_no_value_that_it_is_made_of():
    """The bias in front of batch norm: what is right for U gives it rounding noise in the place of 0."""
    parameters = {"U": W["U"], "c": np.zeros(4)}
    point = compare_at(point_of(before_norm, before_norm_back, parameters, (X,)), np.random.default_rng(0))

    def is_blamed(value):
        return value.line.text.strip().startswith("da =")

    (place,) = astray_at(point, TrueValues(point.point), is_blamed)
    assert place.given[0].text == "(dh - dh.mean(axis=0)) / a.std(axis=0)"


STATES = {
    "x": np.random.default_rng(6).normal(size=(3, 4)),
    "W": np.random.default_rng(7).normal(size=(4, 4)),
}


def leaky(p, dout):
    h, cost = np.zeros(4), 0.0
    for t in range(3):
        h = 0.5 * h + np.tanh(h @ p["W"] + p["x"][t])
        cost = cost + (h * dout[t]).sum()
    return cost


def leaky_back(p, dout, turned, way):
    h = [np.zeros(4)]
    for t in range(3):
        h.append(0.5 * h[t] + np.tanh(h[t] @ p["W"] + p["x"][t]))
    dx, dW, back = np.zeros((3, 4)), np.zeros((4, 4)), np.zeros(4)
    for t in (2, 1, 0):
        dh = dout[t] + back
        da = dh * (1 - np.tanh(h[t] @ p["W"] + p["x"][t]) ** 2)
        dx[t] = da
        dW += np.outer(h[t], da)
        back = way * dh + da @ turned
    return {"x": dx, "W": dW}


@pytest.mark.parametrize(
    ("transposed", "way"), [(True, 0), (False, 0.5)], ids=["one of two ways", "not transposed"]
)
def test_what_a_turn_hands_on_is_to_blame_where_the_first_turn_is_right(transposed, way):
    def wrong(p, dout):
        return leaky_back(p, dout, p["W"].T if transposed else p["W"], way)

    point = point_of(leaky, wrong, STATES, (np.random.default_rng(8).normal(size=(3, 4)),))
    (place,) = places_of(compare_at(point, np.random.default_rng(0)))
    assert place.line.text.strip() == "back = way * dh + da @ turned"
    assert [value.occurrence for value in place.given] == [0, 1]


ROWS = {"k": np.random.default_rng(6).normal(size=(3, 2)), "q": np.random.default_rng(7).normal(size=(3, 2))}


def causal(p):
    total = 0.0
    for t in range(3):
        e = np.exp(0.5 * (p["k"][: t + 1] @ p["q"][t]))
        total = total + (e / e.sum()) @ np.arange(1.0, t + 2)
    return total


def without_the_scale(p):
    dk, dq = np.zeros((3, 2)), np.zeros((3, 2))
    for t in range(3):
        e = np.exp(0.5 * (p["k"][: t + 1] @ p["q"][t]))
        a, back = e / e.sum(), np.arange(1.0, t + 2)
        ds = a * (back - a @ back)
        dq[t] = ds @ p["k"][: t + 1]
        dk[: t + 1] += np.outer(ds, p["q"][t])
    return {"k": dk, "q": dq}


def test_in_a_loop_a_turn_by_which_the_cost_does_not_change_has_its_place():
    point = compare_at(point_of(causal, without_the_scale, ROWS), np.random.default_rng(0))
    assert found(point) == [("ds = a * (back - a @ back)", ("k", "q"))]
