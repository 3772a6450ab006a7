"""A gradient compared at one point."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.plain_nets import SMALL, squares, twice
from support.points import point_of


def checked_at(cost, gradient, parameters=SMALL, words=""):
    return compare_at(point_of(cost, gradient, parameters), np.random.default_rng(0), words)


def test_a_right_gradient_is_right_at_the_point():
    point = checked_at(squares, twice)
    assert (point.verdict, point.names_not_right, point.kinks, point.words) == ("right", [], 0, "")
    for analytic, numeric, array in zip(point.analytic, point.numeric, point.point.arrays, strict=True):
        np.testing.assert_array_equal(analytic, 2 * array)
        np.testing.assert_allclose(numeric, analytic)
    assert point.scheme == "complex step"
    assert 0 < point.floor < 1e-6


@pytest.mark.parametrize(
    ("factor", "verdict"), [(1 + 1e-9, "right"), (1 + 1e-6, "suspect"), (1.01, "wrong"), (-1, "wrong")]
)
def test_the_verdict_is_the_worst_of_a_tensor_and_names_it(factor, verdict):
    point = checked_at(squares, lambda p: {"w": 2 * p["w"], "v": factor * 2 * p["v"]})
    assert point.verdict == verdict
    assert point.names_not_right == ([] if verdict == "right" else ["v"])
    np.testing.assert_allclose(point.numeric[1], 2 * SMALL["v"], rtol=1e-12)


def test_several_wrong_tensors_are_named_in_their_order():
    point = checked_at(squares, lambda p: {"v": 3 * p["v"], "w": 3 * p["w"]})
    assert point.names_not_right == ["w", "v"]


@pytest.mark.parametrize("slope", [0.0, 0.25, 0.75])
def test_any_slope_between_the_sides_is_right_at_a_kink_and_kinks_are_counted(slope):
    def cost(p):
        return np.maximum(p["w"], 0).sum() + np.maximum(p["v"], 0).sum()

    def gradient(p):
        return {name: np.where(a == 0, slope, a > 0) for name, a in p.items()}

    parameters = {"w": np.array([0.0, 1.0, 0.0, -1.0]), "v": np.array([0.0])}
    point = checked_at(cost, gradient, parameters)
    assert (point.verdict, point.kinks) == ("right", 3)
    for analytic, numeric in zip(point.analytic, point.numeric, strict=True):
        np.testing.assert_allclose(numeric, analytic, atol=1e-9)


def test_a_slope_that_no_side_has_is_wrong_at_a_kink():
    def cost(p):
        return np.maximum(p["w"], 0).sum()

    point = checked_at(cost, lambda p: {"w": np.full(2, 1.5)}, {"w": np.zeros(2)})
    assert point.verdict == "wrong"


def test_the_words_of_a_point_are_kept():
    assert checked_at(squares, twice, words="at other parameters").words == "at other parameters"


@pytest.mark.parametrize(
    ("gradient", "said"),
    [
        (lambda p: {"w": 2 * p["w"]}, "nothing for v"),
        (lambda p: {"w": 2 * p["w"], "v": np.zeros(3)}, "has shape"),
    ],
    ids=["missing", "misshapen"],
)
def test_what_is_no_gradient_of_every_parameter_is_refused(gradient, said):
    with pytest.raises(CheckError, match=said):
        checked_at(squares, gradient)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_is_wrong(value):
    point = checked_at(squares, lambda p: {"w": 2 * p["w"], "v": np.full((1, 1), value)})
    assert (point.verdict, point.names_not_right) == ("wrong", ["v"])
