"""What cannot be checked, said in one line."""

import numpy as np
import pytest

from chainrule.gradcheck import CheckError, check_gradient
from support.plain_nets import SMALL, X, Y, cost, gradient, squares, twice


def refused(*arguments, **others):
    with pytest.raises(CheckError) as caught:
        check_gradient(*arguments, **others)
    return str(caught.value).splitlines()


def test_integer_parameters_are_refused_each_in_one_line():
    lines = refused(cost, gradient, {"W1": np.ones((2, 2), dtype=int), "b": np.ones(2)}, X, Y, 0.1)
    assert lines == [
        "parameter W1: holds int64, which has no derivative; give floating-point numbers: W1.astype(float)"
    ]


def test_parameters_without_arrays_are_refused():
    (line,) = refused(cost, gradient, {"W": "three", "b": None}, X, Y, 0.1)
    assert line.startswith("the parameters: hold no arrays")


def test_parameters_without_entries_are_refused():
    (line,) = refused(squares, twice, {"W": np.zeros((0, 3)), "b": np.zeros(0)})
    assert line.startswith("the parameters: have no entries")


def test_many_arrays_are_not_all_listed():
    (line,) = refused(squares, lambda p: [np.ones(1)] * 1000, {"W": np.ones(1)})
    assert line.startswith("the gradient: returns 1000 arrays ([0] (1,), ")
    assert "[19] (1,), 980 more) for 1 parameters" in line


def test_a_cost_in_single_precision_is_refused_in_one_line():
    def single(p):
        return float(sum((a.astype(np.float32) ** 2).sum() for a in p.values()))

    (line,) = refused(single, twice, {name: 0.3 * a for name, a in SMALL.items()})
    assert line.startswith("the cost: is rounded on the way, as in single precision")


@pytest.mark.xfail(
    strict=True,
    reason="a cost whose value single precision holds exactly shows no rounding near it: known, not detected",
)
@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_a_cost_in_single_precision_at_a_round_value_is_refused(size):
    scaled = {name: size * a for name, a in SMALL.items()}
    (line,) = refused(lambda p: float(np.float32(squares(p))), twice, scaled)
    assert line.startswith("the cost: is rounded on the way")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (np.ones(2), "an array of shape (2,)"),
        (None, "NoneType"),
        ("1.0", "str"),
        ([], "an array of shape (0,)"),
        ([[1.0], [1.0, 2.0]], "list"),
        ({"loss": 1.0}, "dict"),
    ],
    ids=["array", "None", "string", "empty", "ragged", "dict"],
)
def test_a_cost_that_is_no_number_is_one_line(value, what):
    (line,) = refused(lambda p: value, twice, SMALL)
    assert line == f"the cost: returns {what}; it must return one number, the mean over the samples"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_cost_that_is_not_finite_is_one_line(value):
    (line,) = refused(lambda p: value, twice, SMALL)
    assert line == f"the cost: is {value}; check it where it is finite (smaller weights, no log of 0)"


def test_a_gradient_of_complex_numbers_is_refused():
    (line,) = refused(squares, lambda p: {"w": 2j * p["w"], "v": 2 * p["v"]}, SMALL)
    assert line.startswith("the gradient of w: holds no real numbers")


@pytest.mark.parametrize(
    ("returned", "start"),
    [
        (lambda p: None, "the gradient: returns NoneType with no array in it"),
        (lambda p: {}, "the gradient: returns dict with no array in it"),
        (lambda p: "w", "the gradient: returns str with no array in it"),
        (lambda p: {"w": 2 * p["w"]}, "the gradient: returns w, but nothing for v"),
        (lambda p: twice(p) | {"x": p["w"]}, "the gradient: also returns x, which belongs to no parameter"),
        (lambda p: [2 * p["w"]] * 3, "the gradient: returns 3 arrays"),
        (lambda p: {"w": np.ones(3), "v": 2 * p["v"]}, "the gradient of w: has shape (3,), but w has (2,)"),
        (lambda p: {"w": np.full(2, np.nan), "v": p["v"]}, "the gradient of w: holds NaN or infinity"),
        (lambda p: {"w": p["w"] / 0, "v": p["v"]}, "the gradient of w: holds NaN or infinity"),
    ],
    ids=["None", "empty", "string", "missing", "extra", "too many", "shape", "NaN", "infinity"],
)
def test_a_gradient_that_does_not_fit_is_one_line(returned, start):
    (line,) = refused(squares, returned, SMALL)
    assert line.startswith(start)


def test_a_function_of_other_arguments_is_one_line():
    (line,) = refused(lambda a, b, c, d: 1.0, twice, SMALL)
    assert line.startswith("the cost <lambda>: takes 4 arguments, not the parameters and 0 more")


def test_the_users_own_errors_reach_the_user():
    def broken(p):
        raise KeyError("W3")

    with pytest.raises(KeyError, match="W3"):
        check_gradient(broken, twice, SMALL)
