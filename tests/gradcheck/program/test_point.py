"""A program at a point, and the same at others."""

from dataclasses import replace

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point
from support.plain_nets import SMALL, X, Y, cost, drawn, gradient, squares, twice
from support.points import point_of


def small(gradient=twice, parameters=SMALL):
    return point_of(squares, gradient, parameters)


def net(lam=0.1):
    return point_of(cost, gradient, drawn(), (X, Y, lam))


def test_a_point_is_given_in_double_precision():
    point = small(parameters={"w": np.ones(2, dtype=np.float32)})
    assert (point.names, point.arrays[0].dtype) == (("w",), np.float64)


def test_a_point_knows_its_leaves_entries_and_roles():
    point = net()
    assert [leaf.name for leaf in point.leaves] == list(point.names) == ["W1", "b1", "W2", "b2"]
    assert point.entries == sum(array.size for array in drawn().values())
    assert point.roles.samples(point.data) == X.shape[1]
    assert point.l2 == 0.1
    assert small().l2 is None


def test_a_parameter_of_no_axes_stays_an_array_elsewhere():
    point = small(parameters={"w": np.array(2.0)})
    assert all(isinstance(a, np.ndarray) for a in point.with_arrays([2 * a for a in point.arrays]).arrays)


def test_another_point_leaves_the_first_as_it_is():
    point = net()
    before = point.cost()
    moved = point.with_arrays([2 * array for array in point.arrays])
    with_data = point.with_data((X, Y, 10.0))
    assert moved.cost() != before != with_data.cost()
    assert (with_data.l2, moved.l2) == (10.0, 0.1)
    assert point.cost() == before == cost(drawn(), X, Y, 0.1)


def test_costs_are_taken_from_both_sides():
    point = small()
    ahead, behind = point.both_sides([np.array([1.0, 0.0]), np.array([[0.0]])], 0.5)
    assert (ahead, behind) == (pytest.approx(1 + 1 + 4), pytest.approx(0 + 1 + 4))


def test_steps_may_be_complex():
    point = small()
    slopes = point.costs(0, np.array([0, 1]), np.array([1e-20j, 1e-20j])).imag / 1e-20
    np.testing.assert_allclose(slopes, 2 * SMALL["w"])
    along = point.along([np.array([1.0, 1.0]), np.array([[1.0]])], np.array([1e-20j]))
    assert along.imag[0] / 1e-20 == pytest.approx(2 * (0.5 - 1.0 + 2.0))


def test_a_settled_order_says_which_gradient_is_whose():
    point = small(lambda p: (2 * p["v"], 2 * p["w"]))
    swapped = replace(point, order=(1, 0))
    assert swapped.returned().names == ["w", "v"]
    assert [array.shape for array in swapped.returned().arrays] == [(2,), (1, 1)]
    assert point.returned().names == ["[0]", "[1]"]


def test_the_order_of_the_gradient_is_not_that_of_the_users_numeric_one():
    program = LocalProgram(squares, lambda p: (2 * p["v"], 2 * p["w"]), SMALL, numeric=twice)
    point = replace(Point.of_program(program, program.describe()), order=(1, 0))
    assert [array.shape for array in point.gradient(function="numeric")] == [(2,), (1, 1)]
    assert point.returned(function="numeric").names == ["w", "v"]


@pytest.mark.parametrize("shape", [(2,), (2, 1), (1, 2)])
def test_a_gradient_takes_the_shape_of_its_parameter(shape):
    point = small(lambda p: {"w": (2 * p["w"]).reshape(shape), "v": 2 * p["v"].reshape(())})
    assert [array.shape for array in point.gradient()] == [(2,), (1, 1)]
    np.testing.assert_array_equal(point.gradient()[0], 2 * SMALL["w"])


def test_every_gradient_of_another_shape_is_said():
    point = small(lambda p: {"w": np.zeros(3), "v": np.zeros((2, 2))})
    with pytest.raises(CheckError) as caught:
        point.gradient()
    assert caught.value.problems == (
        "the gradient of w: has shape (3,), but w has (2,); return one entry for each of the parameter's",
        "the gradient of v: has shape (2, 2), but v has (1, 1); return one entry for each of the parameter's",
    )
