"""A cost, a numeric check and an update are right where they agree with the gradient."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.own_functions import is_descent, is_numeric, is_slope

W = np.array([1.0, -2.0, 0.5])


def cost(w):
    return (w**2).sum()


def slope(w):
    return 2 * w


def halved(w):
    return w.copy()


def moving(w):
    w += 1
    return 2 * (w - 1)


def checked(gradient, numeric=None, update=None):
    program = LocalProgram(cost, gradient, W.copy(), numeric=numeric, update=update)
    return compare_at(Point.of_program(program, program.describe()), np.random.default_rng(0))


def test_a_cost_whose_slope_the_gradient_is():
    assert is_slope(checked(slope), ())
    assert not is_slope(checked(halved), ())


def test_a_numeric_gradient_that_is_ours_and_leaves_the_parameters_alone():
    assert is_numeric(checked(slope, slope), ())
    assert not is_numeric(checked(slope, halved), ())
    assert not is_numeric(checked(slope, moving), ())


def test_an_update_takes_a_step_against_what_it_is_given():
    assert is_descent(checked(slope, update=lambda w, g, rate: w - rate * g), ())
    assert not is_descent(checked(slope, update=lambda w, g, rate: w + rate * g), ())
    assert not is_descent(checked(slope, update=lambda w, g, rate: w), ())
