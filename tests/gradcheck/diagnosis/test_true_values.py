"""The derivative of the cost by every value of a forward pass, and by every use of one."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.true_values import TrueValues, directions
from support.points import point_of
from support.recurrent_layer import DOUT, PARAMETERS, checked, gradient, lost, states, variance_held

RIGHT = gradient(PARAMETERS, DOUT)


@pytest.fixture(scope="module")
def true():
    return TrueValues(checked(gradient).point)


def of_text(true, text, **wanted):
    return [
        each
        for each in true.every
        if each.at.text == text and all(getattr(each.at, k) == v for k, v in wanted.items())
    ]


def test_the_true_value_of_a_sum_is_the_derivative_of_the_cost_by_it(true):
    *_, last = of_text(true, 'p["x"][t] @ p["Wx"] + h[t - 1] @ p["Wh"] + p["b"]')
    slope = 1 - states(PARAMETERS)[2] ** 2
    np.testing.assert_allclose(true.entries(last), DOUT[2] * slope, rtol=1e-7, atol=1e-9)


def test_a_use_has_its_own_part_of_the_derivative(true):
    parts = [true.entries(each) for each in of_text(true, 'p["Wh"]')]
    # The first step starts from 0: what comes back to it says nothing of the weights.
    assert len(parts) == 2
    np.testing.assert_allclose(sum(parts), RIGHT["Wh"], rtol=1e-6, atol=1e-8)


def test_values_are_known_by_their_derivatives_along_two_directions(true):
    (last,) = [each for each in of_text(true, 'h[t - 1] @ p["Wh"]') if each.at.occurrence == 2]
    entries = true.entries(last)
    assert last in list(true.matching(entries))
    assert last in list(true.matching(entries.T))
    assert true.has(entries)
    assert not true.has(1.001 * entries)


def test_a_parameter_can_be_moved_as_a_whole(true):
    place = list(PARAMETERS).index("b")
    np.testing.assert_allclose(true.entries(true.parameter(place)), RIGHT["b"], rtol=1e-6, atol=1e-8)


def test_what_is_held_takes_its_way_to_the_cost_away():
    true = TrueValues(checked(variance_held, norm=True).point)
    z = true.parameter(0)
    (variance,) = of_text(true, "(centred**2).mean(axis=1, keepdims=True)")
    given = variance_held({"z": z.at.array}, true.point.data[0])["z"]
    along = directions(given.size) @ given.reshape(-1)
    np.testing.assert_allclose(true.without(z, variance), along, rtol=1e-6)
    assert not np.allclose(z.told, along, rtol=1e-6)


def test_values_of_the_backward_pass_that_are_true_are_known():
    true = TrueValues(checked(lost).point)
    sums = of_text(true, 'p["x"][t] @ p["Wx"] + h[t - 1] @ p["Wh"] + p["b"]')
    assert [true.is_formed(each) for each in sums] == [False, False, True]


def both_ways(p, x):
    hidden = np.tanh(x * p["w"])
    dhidden = 2 * hidden
    return (hidden**2).sum(), {"w": (dhidden * (1 - hidden**2) * x).sum(axis=0)}


def test_a_function_that_goes_both_ways_is_taken_apart_by_what_the_cost_depends_on():
    x, w = np.random.default_rng(1).normal(size=(4, 3)), {"w": np.array([0.5, -0.4, 0.2])}
    point = point_of(lambda p, x: both_ways(p, x)[0], lambda p, x: both_ways(p, x)[1], w, (x,))
    texts = [value.text for value in TrueValues(point).backward]
    assert "2 * hidden" in texts
    assert 'np.tanh(x * p["w"])' not in texts


def test_parameters_are_moved_where_they_are_read_though_they_have_more_entries_than_values():
    weights = {"W": np.random.default_rng(0).normal(size=(40, 20))}

    wide = TrueValues(point_of(lambda p: (np.tanh(p["W"]) ** 2).sum(), lambda p: p, weights))
    assert [each.at.text for each in wide.every if each.at.array.size == 800] == ['p["W"]']


def handed_on(p):
    h, cost = p["h"], 0.0
    for _ in range(3):
        h = 0.5 * h + np.tanh(h)
        cost = cost + (h**3).sum()
    return cost


def test_what_comes_back_from_one_turn_is_the_sum_over_its_uses():
    true = TrueValues(point_of(handed_on, lambda p: p, {"h": np.array([0.3, -0.7])}))
    every = {each.at.occurrence: each for each in true.of_turns}
    state = next(
        each for each in true.every if each.at.text == "0.5 * h + np.tanh(h)" and each.at.occurrence == 1
    )
    again = every[2]
    assert [part.at.text for part in again.parts] == ["h", "h"]
    assert np.allclose(true.entries(again), true.entries(state) - 3 * state.at.array**2, rtol=1e-6)
    assert not true.knows(every[1])
    way = np.array([0.6, -1.3])
    assert np.allclose(
        true.along([(again, way), (state, way)]), [true.entries(again) @ way, true.entries(state) @ way]
    )
    bent = next(each for each in true.every if each.at.text == "np.tanh(h)" and each.at.occurrence == 2)
    assert np.allclose(true.without(again, bent), again.parts[0].told, rtol=1e-6)
