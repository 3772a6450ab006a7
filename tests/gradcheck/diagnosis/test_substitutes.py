"""What may stand in the place of a value of a backward pass."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.diagnosis.substitutes import Response, forms, substitutes
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

RNG = np.random.default_rng(5)
P = {"U": RNG.normal(size=(3, 20)), "V": RNG.normal(size=(20, 4))}
X = RNG.normal(size=(7, 3))
DA = 'dscores @ p["V"].T * (2 * h + 1)'


def cost(p, x):
    a = x @ p["U"]
    h = np.tanh(a)
    s = h**2 + h
    return ((s @ p["V"]) ** 2).sum()


def without_slope(p, x):
    h = np.tanh(x @ p["U"])
    s = h**2 + h
    dscores = 2 * (s @ p["V"])
    da = dscores @ p["V"].T * (2 * h + 1)
    return {"U": x.T @ da, "V": s.T @ dscores}


@pytest.fixture(scope="module")
def checked():
    return compare_at(point_of(cost, without_slope, P, (X,)), np.random.default_rng(0))


def response_of(checked, text):
    value = next(v for v in checked.point.program.trace(checked.point.arrays, (X,)) if v.text == text)
    vector = GradientVector(checked)
    return Response(vector, [], [value], vector.given)


def test_a_value_reaches_the_entries_that_change_with_it(checked):
    reached = response_of(checked, DA).reached
    assert reached[: P["U"].size].all()
    assert not reached[P["U"].size :].any()


def test_of_all_true_values_of_the_size_the_one_that_mends_is_given(checked):
    true, response = TrueValues(checked.point), response_of(checked, DA)
    found = list(substitutes(true, true.every, response))
    h = np.tanh(X @ P["U"])
    right = 2 * ((h**2 + h) @ P["V"]) @ P["V"].T * (2 * h + 1) * (1 - h**2)
    assert found
    for each in found:
        np.testing.assert_allclose(each.arrays[0], right, rtol=1e-5, atol=1e-7)
    assert {each.true[0].at.text for each in found} == {'x @ p["U"]'}


def test_what_the_gradient_is_not_affine_in_is_no_derivative(checked):
    response = response_of(checked, 'np.tanh(x @ p["U"])')
    assert response.along is None
    true = TrueValues(checked.point)
    assert list(substitutes(true, true.every, response)) == []


def test_nothing_is_reached_where_the_code_bears_no_other_values(checked):
    response = response_of(checked, DA)
    refusing = Response(GradientVector(checked), [], response.values, None)
    assert not refusing.reached.any()
    assert refusing.along is None


@pytest.mark.parametrize(
    ("given", "shape", "count"),
    [((3, 4), (3, 4), 1), ((3, 4), (4, 3), 1), ((3, 3), (3, 3), 2), ((3, 1), (3,), 1), ((3, 4), (12,), 0)],
)
def test_a_value_may_lie_as_it_is_or_transposed_or_with_axes_of_one_more_or_less(given, shape, count):
    found = list(forms(RNG.normal(size=given), shape))
    assert len(found) == count
    assert all(each.shape == shape for each in found)
