"""Gradients that come back in an order which shapes alone do not settle."""

import numpy as np
import pytest

from chainrule.gradcheck.numeric.ordering import settled
from chainrule.gradcheck.program.interface import Replacement
from support.points import point_of

RNG = np.random.default_rng(5)
NAMES = ["W1", "b1", "W2", "b2"]
SHAPES = [(3, 3), (3, 1), (3, 3), (3, 1)]
ARRAYS = [RNG.standard_normal(shape) for shape in SHAPES]
SCALES = [1.0, 2.0, 3.0, 4.0]


def cost(p):
    return sum(k * (a**2).sum() for k, a in zip(SCALES, p.values(), strict=True))


def point_returning(order):
    def gradient(p):
        all_of_them = [2 * k * a for k, a in zip(SCALES, p.values(), strict=True)]
        return [all_of_them[i] for i in order]

    return point_of(cost, gradient, dict(zip(NAMES, ARRAYS, strict=True)))


def settled_for(point):
    return settled(point, point.returned(), np.random.default_rng(0))


def assert_in_order(returned):
    for k, array, g in zip(SCALES, ARRAYS, returned.arrays, strict=True):
        np.testing.assert_allclose(g, 2 * k * array)


@pytest.mark.parametrize("order", [[1, 3, 0, 2], [3, 1, 2, 0], [3, 2, 1, 0], [2, 3, 0, 1]])
def test_the_numbers_decide_between_orders_of_equal_shapes(order):
    chosen, note = settled_for(point_returning(order))
    returned = chosen.returned()
    assert returned.names == NAMES
    assert_in_order(returned)
    assert note.startswith("the gradients were matched by shape: W1 is ")


def test_gradients_in_the_parameters_order_are_left_as_they_are():
    chosen, note = settled_for(point_returning([0, 1, 2, 3]))
    assert note == ""
    assert_in_order(chosen.returned())


def test_a_gradient_with_values_replaced_is_put_in_order_too():
    chosen, _ = settled_for(point_returning([1, 3, 0, 2]))
    (value, *_) = chosen.program.trace(chosen.arrays, ())
    same = [Replacement(value.site, value.occurrence, value.array)]
    assert_in_order(chosen.returned(same))


def test_everything_else_is_as_it_was():
    point = point_returning([1, 3, 0, 2])
    chosen, _ = settled_for(point)
    assert chosen.cost() == point.cost()
    assert chosen.with_arrays(ARRAYS).order == chosen.order
    assert list(chosen.names) == NAMES
