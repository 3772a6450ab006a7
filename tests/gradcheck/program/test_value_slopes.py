"""What follows a statement, told by its value."""

import ast

import numpy as np
import pytest

from chainrule.gradcheck.program.value_slopes import FlatValue, StatementValue, ValueSlopes, flat


def looked_at(value, follows):
    (statement,) = ast.parse("d = value").body
    held = flat(value)
    every = ValueSlopes(
        [StatementValue(statement, held)], lambda: follows(every.look(0, value)), follows(value)
    )
    return every


def slopes(value, follows):
    """How what follows a statement answers to its value."""
    return looked_at(value, follows).of(0)


def test_what_is_linear_is_told_by_a_run_for_each_entry():
    np.testing.assert_allclose(slopes(np.array([1.0, 2.0]), lambda d: 3 * d[0] - d[1] + 5), [3, -1])


def test_values_of_several_arrays_are_told_together():
    given = slopes({"W": np.ones((1, 2)), "b": 2.0}, lambda d: float(d["W"][0] @ [1, 2] + 4 * d["b"]))
    np.testing.assert_allclose(given, [1, 2, 4])


@pytest.mark.parametrize("bent", [np.square, np.abs, lambda d: np.maximum(d, 0)])
def test_what_is_bent_is_not_told(bent):
    assert slopes(np.array([0.5, -0.1]), lambda d: float(bent(d).sum())) is None


def test_behind_a_bound_that_lies_far_out_slopes_tell_nothing():
    every = looked_at(np.array([1.0, 2.0]), lambda d: float(np.clip(d, -100, 100) @ [3.0, -1.0]))
    along = every.of(0)
    near, far = np.array([5.0, 7.0]), np.array([500.0, 2.0])
    assert every.tells(0, along, [near])
    assert not every.tells(0, along, [near, far])


def test_what_does_not_bear_another_value_is_not_told():
    def only_this(d):
        return 1.0 if np.array_equal(d, np.ones(2)) else float("nan")

    assert slopes(np.ones(2), only_this) is None


def test_numbers_come_in_order_with_how_they_were_laid_out():
    assert flat(2.0) == FlatValue((), np.array(2.0))
    first, other = flat([np.ones((2, 1)), 3.0]), flat([np.ones((1, 2)), 3.0])
    assert first.layout != other.layout
    np.testing.assert_array_equal(first.numbers, [1, 1, 3])


@pytest.mark.parametrize("value", [1, np.arange(3), None, (), "b", [np.ones(2), None], np.ones(1000)])
def test_what_is_no_array_of_numbers_with_a_fraction_has_none(value):
    assert flat(value) is None
