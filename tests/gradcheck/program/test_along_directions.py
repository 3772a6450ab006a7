"""A program of few parameters made of one of many."""

import numpy as np
import pytest

from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.along_directions import AlongDirections
from chainrule.gradcheck.program.interface import Replacement
from chainrule.gradcheck.program.point import Point
from support.points import point_of

RNG = np.random.default_rng(3)
P = {"W": RNG.normal(size=(40, 30)), "b": RNG.normal(size=30)}
X = RNG.normal(size=(5, 40))


def cost(p, x):
    return (np.tanh(x @ p["W"] + p["b"]) ** 2).sum()


def gradient(p, x):
    h = np.tanh(x @ p["W"] + p["b"])
    dz = 2 * h * (1 - h**2)
    return {"W": x.T @ dz, "b": dz.sum(axis=0)}


def without_tanh(p, x):
    h = np.tanh(x @ p["W"] + p["b"])
    dz = 2 * h
    return {"W": x.T @ dz, "b": dz.sum(axis=0)}


def along(gradient):
    given = point_of(cost, gradient, P, (X,))
    program = AlongDirections(given, np.random.default_rng(0))
    return given, Point.of_program(program, program.describe())


def compared(gradient):
    return compare_at(along(gradient)[1], np.random.default_rng(1))


def test_it_has_one_vector_of_four_for_each_parameter_and_begins_at_the_given_point():
    given, few = along(gradient)
    assert few.names == given.names == ("W", "b")
    assert [a.shape for a in few.arrays] == [(4,), (4,)]
    assert few.cost() == pytest.approx(given.cost())


def test_its_gradient_is_right_where_the_other_is():
    assert compared(gradient).verdict == "right"
    wrong = compared(without_tanh)
    assert (wrong.verdict, wrong.names_not_right) == ("wrong", ["W", "b"])


def test_its_costs_are_those_along_its_directions():
    _, few = along(gradient)
    steps = np.array([0.5, -0.25])
    one_by_one = few.costs(0, np.array([1, 3]), steps)
    unit = [np.eye(4)[1], np.zeros(4)]
    np.testing.assert_allclose(one_by_one[0], few.along(unit, steps[:1])[0])
    moved = few.with_arrays([few.arrays[0] - 0.25 * np.eye(4)[3], few.arrays[1]])
    assert one_by_one[1] == pytest.approx(moved.cost())
    ways = np.array([[1.0, 0.0, -2.0, 0.0]])
    together = few.program.costs_along(few.arrays, few.data, 0, ways, steps[:1])
    assert together == pytest.approx(few.along([ways[0], np.zeros(4)], steps[:1]))


def test_what_its_gradient_adds_up_to_is_told_without_it():
    _, few = along(gradient)
    weights = [np.array([1.0, 2.0, 0.0, -1.0]), np.array([0.0, 1.0, 0.0, 0.0])]
    (added,) = few.projections(weights, [[]])
    assert added == pytest.approx(sum(w @ g for w, g in zip(weights, few.gradient(), strict=True)))


def test_parameters_and_values_are_moved_and_exchanged_as_in_the_other():
    _, few = along(gradient)
    way = np.array([1.0, -2.0, 0.5, 0.0])
    (slope,) = few.program.slopes(few.arrays, few.data, [Replacement("", 1, way)])
    assert slope == pytest.approx(float(few.gradient()[1] @ way), rel=1e-6)
    dz = next(v for v in few.program.trace(few.arrays, few.data) if v.text == "2 * h * (1 - h**2)")
    nothing = few.gradient([Replacement(dz.site, dz.occurrence, 0 * dz.array)])
    assert not any(g.any() for g in nothing)


def test_patches_of_the_source_hold_for_it():
    wrong = compared(without_tanh)
    patches = wrong.point.program.patches(wrong.point.arrays, wrong.point.data)
    assert patches
    assert wrong.point.program.first_mutation(wrong.point.arrays, wrong.point.data) is None
    assert all(np.isfinite(g).all() for g in wrong.point.gradient(patches[:1]))


def test_what_was_handed_in_beside_the_gradient_is_not_asked():
    description = along(gradient)[1].program.describe()
    assert not description.has_numeric
    assert not description.has_update
