"""The gradients of all parameters as one vector."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.program.interface import Replacement
from support.recurrent_layer import checked, gradient, lost


@pytest.fixture(scope="module")
def point():
    return checked(lost)


def test_what_is_wrong_is_told_by_parameter(point):
    vector = GradientVector(point)
    wrong = vector.of_parameters(vector.wrong(vector.given))
    assert [name for name, own in wrong.items() if own.any()] == point.names_not_right
    assert not vector.wrong(vector.numeric).any()


def test_each_parameter_has_as_many_entries_as_before(point):
    vector = GradientVector(point)
    sizes = {name: own.size for name, own in vector.of_parameters(vector.given).items()}
    assert sizes == {name: a.size for name, a in zip(point.point.names, point.point.arrays, strict=True)}


def test_what_does_not_suit_the_code_gives_no_gradient(point):
    vector = GradientVector(point)
    value = next(v for v in point.point.program.trace(point.point.arrays, point.point.data) if v.array.ndim)
    unsuited = Replacement(value.site, value.occurrence, np.zeros((1, 1, 1, 1)))
    assert vector.with_changes([unsuited]) is None
    np.testing.assert_array_equal(vector.with_changes([]), vector.given)


def test_noise_where_a_gradient_is_0_is_not_wrong():
    vector = GradientVector(checked(gradient))
    assert not vector.wrong(vector.given + 1e-10).any()


def test_rounding_changes_no_entry(point):
    vector = GradientVector(point)
    noise = 1e-15 * np.abs(vector.given).max() * np.ones(len(vector.given))
    assert not vector.changed(vector.given, vector.given + noise).any()
    assert vector.changed(vector.given, vector.given + 1e9 * noise).all()


def test_it_adds_up_to_numbers_with_each_of_many_changes(point):
    vector, rng = GradientVector(point), np.random.default_rng(0)
    weights = rng.normal(size=len(vector.given))
    value = next(v for v in point.point.program.trace(point.point.arrays, point.point.data) if v.array.ndim)
    moved = [Replacement(value.site, value.occurrence, 2 * value.array)]
    added = vector.projections(weights, [[], moved])
    assert added == pytest.approx([weights @ vector.given, weights @ vector.with_changes(moved)])


def test_each_entry_belongs_to_one_parameter(point):
    vector = GradientVector(point)
    its = [vector.entries_of(name) for name in point.point.names]
    assert [int(entries.sum()) for entries in its] == [array.size for array in point.point.arrays]
    assert np.sum(its, axis=0).tolist() == [1] * len(vector.given)
