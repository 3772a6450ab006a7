"""The order in which functions take their arguments: the usual one, or what the names of the arguments say."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck import check_gradient
from support.plain_nets import X, Y, cost, drawn, gradient, halved

LAM = 0.1


def own_cost(X, Y, params, lam):
    return cost(params, X, Y, lam)


def own_gradient(X, Y, params, lam):
    return gradient(params, X, Y, lam)


def l2_first(reg, params, x_batch, labels):
    return gradient(params, x_batch, labels, reg)


def gradient_of_lists(X, Y, W, b, lam):
    g = gradient({"W1": W[0], "b1": b[0], "W2": W[1], "b2": b[1]}, X, Y, lam)
    return [g["W1"], g["W2"]], [g["b1"], g["b2"]]


def cost_of_lists(X, Y, W, b, lam):
    return cost({"W1": W[0], "b1": b[0], "W2": W[1], "b2": b[1]}, X, Y, lam)


@pytest.mark.parametrize(
    ("its_cost", "its_gradient"),
    [
        (own_cost, own_gradient),
        (cost, own_gradient),
        (own_cost, gradient),
        (own_cost, l2_first),
        (lambda X, Y, theta_all, lam: cost(theta_all, X, Y, lam), own_gradient),
        (own_cost, lambda X, Y, params, *, lam: gradient(params, X, Y, lam)),
        (own_cost, lambda X, Y, params, lam=0.0, verbose=False: gradient(params, X, Y, lam)),
        (lambda lam, Y, X, params: cost(params, X, Y, lam), own_gradient),
    ],
    ids=[
        "both", "gradient", "cost", "l2 first", "by what is left", "keyword only", "default", "data by looks"
    ],
)  # fmt: skip
def test_each_function_is_called_in_the_order_of_its_own_arguments(its_cost, its_gradient):
    outcome = check_gradient(its_cost, its_gradient, drawn(), X, Y, LAM)
    assert outcome.right, str(outcome)
    assert not check_gradient(its_cost, halved, drawn(), X, Y, LAM).right


def test_the_outcome_is_that_of_the_usual_order():
    def own_halved(X, Y, params, lam):
        return halved(params, X, Y, lam)

    own = check_gradient(own_cost, own_halved, drawn(), X, Y, LAM)
    usual = check_gradient(cost, halved, drawn(), X, Y, LAM)
    assert (own.tensors, own.causes[0].name) == (usual.tensors, usual.causes[0].name)
    assert (
        "taken for inputs: argument X with samples as columns; labels: argument Y; l2: argument lam"
        in own.notes
    )


def test_parameters_of_one_argument_each_stand_where_their_names_are():
    p = drawn()
    lists = [[p["W1"], p["W2"]], [p["b1"], p["b2"]]]
    assert check_gradient(cost_of_lists, gradient_of_lists, lists, X, Y, LAM).right
    moved = lambda lam, X, Y, W, b: gradient_of_lists(X, Y, W, b, lam)  # noqa: E731
    assert check_gradient(cost_of_lists, moved, lists, X, Y, LAM).right


def test_a_numeric_gradient_has_an_order_of_its_own():
    def numeric(X, Y, params, lam, h=1e-5):
        return gradient(params, X, Y, lam)

    assert check_gradient(cost, gradient, drawn(), X, Y, LAM, numeric=numeric).right


def test_whoever_calls_in_the_usual_order_gets_that_one_whatever_the_names_are():
    def product(x, w):
        return float(x @ w)

    def of_the_first(x, w):
        return w * 1

    x, w = np.array([1.0, 2.0]), np.array([5.0, 7.0])
    assert check_gradient(product, of_the_first, x, w).right


def test_a_gradient_that_is_right_in_another_order_is_not_called_wrong():
    def product(x, w):
        return float(x @ w**2)

    def of_the_weights(x, w):
        return 2 * x * w

    x, w = np.array([1.0, 2.0]), np.array([5.0, 7.0])
    with pytest.raises(CheckError, match="the order of arguments: cannot be told"):
        check_gradient(product, of_the_weights, w, x)
    assert check_gradient(product, lambda x, w: 3 * x * w, w, x).verdict == "wrong"


def test_where_no_name_tells_the_order_a_line_says_so():
    def energy(a, b, c, d):
        return cost(c, a, b, d)

    with pytest.raises(CheckError) as error:
        check_gradient(energy, own_gradient, drawn(), X, Y, LAM)
    (line,) = error.value.problems
    assert line.startswith("the cost energy(a, b, c, d): with the parameters for a it ends in ")
    assert line.endswith("where another argument takes them, wrap it: lambda parameters, *data: energy(...)")
    assert isinstance(error.value.__cause__, TypeError | IndexError | AttributeError)


def test_an_error_that_is_no_matter_of_order_is_the_users_own():
    def unknown(params, X, Y, lam):
        return missing_name  # noqa: F821

    with pytest.raises(NameError):
        check_gradient(unknown, gradient, drawn(), X, Y, LAM)
    with pytest.raises(KeyError, match="W3"):
        check_gradient(lambda params, X, Y, lam: params["W3"], gradient, drawn(), X, Y, LAM)


def test_another_number_of_arguments_is_refused_as_ever():
    with pytest.raises(CheckError, match=re.escape("the gradient own_gradient: takes 4 arguments")):
        check_gradient(lambda p, X: 1.0, own_gradient, drawn(), X)


def test_functions_without_names_are_called_in_the_usual_order():
    assert check_gradient(partial(np.dot), lambda w, x: x * 1, np.ones(2), np.array([1.0, 2.0])).right
