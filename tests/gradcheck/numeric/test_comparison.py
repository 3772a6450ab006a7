"""Verdicts for tensors: thresholds, the noise floor, and entries at kinks."""

from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.comparison import compare, difference, tensor, verdict
from chainrule.gradcheck.numeric.differences import Numeric
from support.points import point_of

N = np.array([[3.0, 4.0], [0.0, 12.0]])
CURVED = 5e-5
"""About ten steps: differences of what curves so are off in the third digit."""


def compared(cost, x, g, numeric=None):
    point = point_of(cost, lambda p: p, {"x": x})
    numeric = numeric or differences.gradient(point, np.random.default_rng(0))
    tensors, settled = compare(point, [np.asarray(g)], numeric)
    return SimpleNamespace(tensors=tensors, numeric=settled)


def hinge(p):
    return np.sum(np.where(p["x"] > 0, 3 * p["x"], -p["x"]))


def wave(p):
    return np.sum(np.sin(p["x"] / CURVED))


def bend(where):
    def cost(p):
        return np.sum(np.where(p["x"] > where, 3 * (p["x"] - where), -(p["x"] - where)))

    return cost


def central(cost, x):
    return differences.by_central_differences(point_of(cost, lambda p: p, {"x": x}))


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (0, "right"),
        (0.9e-7, "right"),
        (1.1e-7, "suspect"),
        (0.9e-4, "suspect"),
        (1.1e-4, "wrong"),
        (1, "wrong"),
    ],
)
def test_thresholds_are_relative_to_the_norm_of_the_tensor(error, wanted):
    g = N.copy()
    g[1, 0] += error * np.linalg.norm(N)
    assert verdict(g, N, 0.0) == wanted
    assert verdict(1e6 * g, 1e6 * N, 0.0) == wanted


@pytest.mark.parametrize(
    ("error", "wanted"), [(0.9e-4, "right"), (1.2e-4, "suspect"), (0.9e-2, "suspect"), (1.1e-2, "wrong")]
)
def test_single_precision_has_thresholds_of_its_own(error, wanted):
    g = N.copy()
    g[1, 0] += error * np.linalg.norm(N)
    assert verdict(g.astype(np.float32), N, 0.0) == wanted


def test_the_difference_is_relative_to_the_larger_of_the_two():
    assert difference(2 * N, N, 0.0) == pytest.approx(0.5)
    assert difference(N, 2 * N, 0.0) == pytest.approx(0.5)
    assert difference(-N, N, 0.0) == pytest.approx(2)
    assert difference(0 * N, N, 0.0) == pytest.approx(1)


def test_a_difference_below_the_noise_of_all_entries_is_none():
    g = N + 1e-9
    assert difference(g, N, 1.01e-9) == 0
    assert difference(g, N, 0.99e-9) > 0


def test_two_zero_gradients_are_right_and_said_to_be_zero():
    found = tensor("b", np.full(3, 1e-12), np.zeros(3), 1e-11)
    assert (found.verdict, found.difference, found.zero) == ("right", 0, True)
    assert not tensor("b", np.ones(3), np.ones(3), 1e-11).zero
    assert difference(np.zeros(3), np.zeros(3), 0.0) == 0


def test_a_zero_gradient_where_there_is_one_is_wrong():
    found = tensor("b", np.zeros(3), np.full(3, 1e-3), 1e-11)
    assert (found.verdict, found.zero) == ("wrong", False)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_wrong(bad):
    g = N.copy()
    g[0, 1] = bad
    assert difference(g, N, 1e-10) == np.inf
    assert verdict(g, N, 1e-10) == "wrong"


def test_the_worst_entries_are_shown_worst_first_and_five_at_most():
    g = np.arange(12.0).reshape(3, 4)
    found = tensor("W", g, np.zeros((3, 4)), 0.0)
    assert [entry.index for entry in found.worst] == [(2, 3), (2, 2), (2, 1), (2, 0), (1, 3)]
    assert (found.worst[0].analytic, found.worst[0].numeric) == (11, 0)
    assert (found.largest, found.checked, found.shape) == (11, 12, (3, 4))
    assert tensor("W", g, g, 0.0).worst == ()


def test_arrays_of_no_dimension_and_of_no_entry_are_compared():
    assert tensor("s", np.array(1.0), np.array(2.0), 0.0).verdict == "wrong"
    empty = tensor("e", np.zeros((0, 2)), np.zeros((0, 2)), 0.0)
    assert (empty.verdict, empty.largest) == ("right", 0)


@pytest.mark.parametrize("slope", [-1.0, 0.0, 1.3, 3.0])
def test_a_kink_at_the_point_accepts_what_lies_between_the_slopes(slope):
    x = np.array([0.0, 1.0, -2.0])
    found = compared(hinge, x, [slope, 3, -1])
    assert found.tensors[0].verdict == "right"
    assert found.numeric[0][0] == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("slope", [-1.0, 3.0])
def test_the_slopes_themselves_are_accepted_though_a_large_cost_hides_their_last_digits(slope):
    found = compared(
        lambda p: 1e5 + hinge(p), np.array([0.0, 1.0]), [slope, 3], Numeric([np.array([1.0, 3.0])], "", 1e-10)
    )
    assert found.numeric[0].tolist() == [slope, 3]


@pytest.mark.parametrize(("slope", "nearest"), [(-1.5, -1), (3.1, 3), (40, 3)])
def test_a_kink_at_the_point_refuses_what_lies_outside_the_slopes(slope, nearest):
    found = compared(hinge, np.array([0.0, 1.0, -2.0]), [slope, 3, -1])
    assert found.tensors[0].verdict == "wrong"
    assert found.numeric[0][0] == pytest.approx(nearest, abs=1e-6)
    assert found.tensors[0].worst[0].index == (0,)


def test_kinks_are_counted():
    x = np.array([0.0, 0.0, 1.0, 0.0])
    at_kinks = compared(hinge, x, [0.5, 0.25, 3, 2.5], numeric=central(hinge, x))
    assert at_kinks.tensors[0].kinks == 3
    assert at_kinks.tensors[0].verdict == "right"
    assert compared(hinge, np.array([1.0, 2.0]), [3, 3]).tensors[0].kinks == 0


def test_another_entry_is_no_less_wrong_for_a_kink_beside_it():
    found = compared(hinge, np.array([0.0, 1.0]), [0.5, 2.5])
    assert found.tensors[0].verdict == "wrong"
    assert found.tensors[0].worst[0].index == (1,)
    assert found.numeric[0][1] == pytest.approx(3)


@pytest.mark.parametrize("offset", [2e-6, -2e-6, 1e-6, 4e-7])
def test_a_kink_within_the_step_does_not_spoil_the_right_value(offset):
    x = np.array([0.5, -0.7])
    cost = bend(0.5 + offset)
    numeric = central(cost, x)
    right = [-1.0 if offset > 0 else 3.0, -1.0]
    assert abs(numeric.arrays[0][0] - right[0]) > 1e-3
    found = compared(cost, x, right, numeric=numeric)
    assert found.tensors[0].verdict == "right"
    assert found.tensors[0].kinks == 1


@pytest.mark.parametrize("offset", [2e-6, -2e-6, 1e-6])
@pytest.mark.parametrize("wrong", [0.5, 2.0, -1.01, 3.01])
def test_a_kink_within_the_step_does_not_excuse_a_wrong_value(offset, wrong):
    x = np.array([0.5, -0.7])
    cost = bend(0.5 + offset)
    found = compared(cost, x, [wrong, -1.0], numeric=central(cost, x))
    assert found.tensors[0].verdict == "wrong"


def test_the_other_sides_slope_is_wrong_beside_a_kink():
    x = np.array([0.5, -0.7])
    cost = bend(0.5 + 2e-6)
    assert compared(cost, x, [3.0, -1.0], numeric=central(cost, x)).tensors[0].verdict == "wrong"


def test_a_kink_outside_the_step_is_none():
    x = np.array([0.5, -0.7])
    cost = bend(0.5 + 1e-4)
    found = compared(cost, x, [-1.0, -1.0], numeric=central(cost, x))
    assert (found.tensors[0].verdict, found.tensors[0].kinks) == ("right", 0)
    assert compared(cost, x, [0.0, -1.0], numeric=central(cost, x)).tensors[0].verdict == "wrong"


@pytest.mark.parametrize("curvature", [1e-3, 1.0, 1e2])
def test_curvature_is_no_kink(curvature):
    x = np.array([0.3, -0.2])
    found = compared(lambda p: curvature * np.sum(p["x"] ** 2), x, 2.2 * curvature * x)
    assert (found.tensors[0].verdict, found.tensors[0].kinks) == ("wrong", 0)
    np.testing.assert_allclose(found.numeric[0], 2 * curvature * x)


def test_many_wrong_entries_are_not_taken_for_kinks():
    x = np.linspace(-2, 2, 300)
    found = compared(lambda p: np.sum(p["x"] ** 2), x, 2.5 * x)
    assert (found.tensors[0].verdict, found.tensors[0].kinks) == ("wrong", 0)


def test_many_kinks_are_all_settled():
    x = np.zeros(250)
    numeric = Numeric([np.full(250, 1.0)], "central differences", 1e-10)
    found = compared(hinge, x, np.full(250, 0.5), numeric=numeric)
    assert (found.tensors[0].verdict, found.tensors[0].kinks) == ("right", 250)


def test_each_tensor_has_a_verdict_of_its_own():
    a, b = np.array([1.0, 2.0]), np.array([3.0])
    point = point_of(lambda p: np.sum(p["a"] ** 2) + np.sum(p["b"] ** 2), lambda p: p, {"a": a, "b": b})
    numeric = Numeric([2 * a, 2 * b], "complex step", 1e-13)
    tensors, _ = compare(point, [2 * a, 3 * b], numeric)
    assert [(t.name, t.verdict) for t in tensors] == [("a", "right"), ("b", "wrong")]


def test_a_right_gradient_is_right_where_the_cost_curves_within_a_step():
    x = np.linspace(0.1, 2, 40)
    numeric = central(wave, x)
    assert verdict(np.cos(x / CURVED) / CURVED, numeric.arrays[0], numeric.floor) != "right"
    assert compared(wave, x, np.cos(x / CURVED) / CURVED, numeric).tensors[0].verdict == "right"


def test_what_curves_is_right_beside_many_kinks():
    """Of more and of less difference: the entries that are looked at first are among them."""
    x = np.concatenate([np.zeros(200), np.array([0.3])])

    def cost(p):
        return hinge({"x": p["x"][:200]}) + 1e-6 * wave({"x": p["x"][200:]})

    right = np.concatenate(
        [np.full(100, 1 + 1e-6), np.full(100, 2.5), 1e-6 * np.cos(x[200:] / CURVED) / CURVED]
    )
    found = compared(cost, x, right, central(cost, x))
    assert (found.tensors[0].verdict, found.tensors[0].kinks) == ("right", 200)


def test_a_wrong_gradient_takes_hardly_more_runs_than_its_differences():
    x, runs = np.linspace(0.1, 2, 100), []

    def cost(p):
        runs.append(1)
        return np.sum(np.abs(p["x"]) ** 3)

    numeric = central(cost, x)
    before = len(runs)
    assert compared(cost, x, 7 * x**2, numeric).tensors[0].verdict == "wrong"
    assert len(runs) - before < before / 2
