"""Gradients that come back in an order which shapes alone do not settle."""

import numpy as np
import pytest

from chainrule.gradcheck.numeric.ordering import settled
from chainrule.gradcheck.program.subject import Local

RNG = np.random.default_rng(5)
NAMES = ["W1", "b1", "W2", "b2"]
SHAPES = [(3, 3), (3, 1), (3, 3), (3, 1)]
ARRAYS = [RNG.standard_normal(shape) for shape in SHAPES]
SCALES = [1.0, 2.0, 3.0, 4.0]


def cost(p):
    return sum(k * (a**2).sum() for k, a in zip(SCALES, p.values(), strict=True))


def subject_returning(order):
    def gradient(p):
        all_of_them = [2 * k * a for k, a in zip(SCALES, p.values(), strict=True)]
        return [all_of_them[i] for i in order]

    return Local(cost, gradient, dict(zip(NAMES, ARRAYS, strict=True)))


def settled_for(subject):
    return settled(subject, NAMES, ARRAYS, [], subject.gradient(ARRAYS, []), np.random.default_rng(0))


def assert_in_order(returned):
    for k, array, g in zip(SCALES, ARRAYS, returned["arrays"], strict=True):
        np.testing.assert_allclose(g, 2 * k * array)


@pytest.mark.parametrize("order", [[1, 3, 0, 2], [3, 1, 2, 0], [3, 2, 1, 0], [2, 3, 0, 1]])
def test_the_numbers_decide_between_orders_of_equal_shapes(order):
    chosen, note = settled_for(subject_returning(order))
    returned = chosen.gradient(ARRAYS, [])
    assert returned["names"] == NAMES
    assert_in_order(returned)
    assert note.startswith("the gradients were matched by shape: W1 is ")


def test_gradients_in_the_parameters_order_are_left_as_they_are():
    chosen, note = settled_for(subject_returning([0, 1, 2, 3]))
    assert note == ""
    assert_in_order(chosen.gradient(ARRAYS, []))


def test_a_gradient_with_values_replaced_is_put_in_order_too():
    chosen, _ = settled_for(subject_returning([1, 3, 0, 2]))
    assert_in_order(chosen.gradient_replacing(ARRAYS, [], []))


def test_everything_else_is_the_subjects_own():
    subject = subject_returning([1, 3, 0, 2])
    chosen, _ = settled_for(subject)
    assert chosen.cost(ARRAYS, []) == subject.cost(ARRAYS, [])
    assert chosen.describe()["names"] == NAMES
