"""A value that is not what it should be."""

import numpy as np

from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.odd_value import OddValue, close_to, near, same_value, shown, spread_same
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from support.recurrent_layer import checked, lost


def test_it_is_that_of_the_first_turn_in_which_it_is_odd():
    point = checked(lost)
    true = TrueValues(point.point)
    (place,) = astray(point, true)
    odd = OddValue.of(place, point, true)
    assert not np.allclose(odd.given, odd.right)
    assert odd.subject in place.true
    assert near(odd.subject.told, odd.subject.told)
    assert odd.later


def test_a_value_is_shown_by_its_shortest_name():
    point = checked(lost)
    true = TrueValues(point.point)
    state = next(each for each in true.every if each.at.text.startswith("np.tanh("))
    assert shown(state).startswith("`np.tanh(")
    assert len(shown(state, true.every)) <= len(shown(state))


def test_values_are_the_same_but_for_noise():
    a = np.array([[1.0, 2.0], [3.0, 1e-9]])
    assert same_value(a, a * (1 + 1e-8))
    assert not same_value(a, a.T)
    assert close_to(a, a + 1e-8, a)
    assert spread_same(np.array([1.0, 2.0]), np.array([[1.0, 2.0], [1.0, 2.0]]))
    assert not spread_same(np.array(1.0), np.ones((2, 2)))
    assert not spread_same(np.ones(3), np.ones((2, 2)))
