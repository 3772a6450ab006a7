"""Each way in which a function of other people's wants its parameters and data."""

from functools import partial
from types import ModuleType

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.binding import bind

W, B, X, Y, LAM = "W", "b", "X", "Y", "lam"


def bound(function, parameters, *data):
    binding = bind(function, parameters, len(data), "the cost")
    return binding, binding.call(parameters, data)


class Net:
    def __init__(self):
        self.W = np.zeros(2)

    def cost(self, X, Y):
        return self, X, Y

    def settings_and_cost(self, parameters, X, Y):
        return parameters, X, Y


def test_parameters_come_first_as_one_argument():
    def cost(p, X, Y):
        return p, X, Y

    binding, got = bound(cost, {"W": W}, X, Y)
    assert got == ({"W": W}, X, Y)
    assert binding.data_names == ("X", "Y")


def test_a_dictionary_is_passed_by_name_where_the_arguments_are_called_like_its_keys():
    def cost(X, W, Y, b):
        return X, W, Y, b

    binding, got = bound(cost, {"b": B, "W": W}, X, Y)
    assert got == (X, W, Y, B)
    assert binding.data_names == ("X", "Y")


def test_a_dictionary_without_data_is_passed_by_name():
    _, got = bound(lambda W, b: (W, b), {"b": B, "W": W})
    assert got == (W, B)


def test_a_dictionary_is_spread_in_order_where_names_differ():
    def cost(theta, phi, X):
        return theta, phi, X

    _, got = bound(cost, {"first": W, "second": B}, X)
    assert got == (W, B, X)


def test_a_list_is_spread_over_the_arguments_that_are_named_like_parameters():
    def cost(X, Y, W1, b1, lam):
        return X, Y, W1, b1, lam

    binding, got = bound(cost, [W, B], X, Y, LAM)
    assert got == (X, Y, W, B, LAM)
    assert binding.data_names == ("X", "Y", "lam")


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_is_spread_over_the_first_arguments_where_no_names_tell(kind):
    def cost(p, q, X):
        return p, q, X

    binding, got = bound(cost, kind([W, B]), X)
    assert got == (W, B, X)
    assert binding.data_names == ("X",)


@pytest.mark.parametrize(
    "function",
    [
        lambda X, weights, bias: (X, weights, bias),
        lambda X, gamma, beta: (X, gamma, beta),
        lambda X, w_1, B_2: (X, w_1, B_2),
        lambda X, theta, biases: (X, theta, biases),
    ],
)
def test_these_arguments_are_named_like_parameters(function):
    assert bound(function, [W, B], X)[1] == (X, W, B)


def test_a_method_of_the_parameters_takes_the_data_alone():
    net = Net()
    binding, got = bound(net.cost, net, X, Y)
    assert got == (net, X, Y)
    assert binding.data_names == ("X", "Y")


def test_a_method_of_the_parameters_keeps_its_defaults():
    class Regularised(Net):
        def cost(self, X, Y, lam=0.5):
            return self, X, Y, lam

    net = Regularised()
    assert bound(net.cost, net, X, Y)[1] == (net, X, Y, 0.5)


def test_a_function_of_an_object_takes_the_object_first():
    net = Net()
    assert bound(lambda n, X, Y: (n, X, Y), net, X, Y)[1] == (net, X, Y)


def test_a_function_that_takes_the_data_alone_is_one_of_the_object_or_module():
    module = ModuleType("notebook")
    assert bound(lambda X, Y: (X, Y), module, X, Y)[1] == (X, Y)


def test_a_method_of_something_else_takes_the_parameters():
    net = Net()
    assert bound(net.settings_and_cost, {"p": W}, X, Y)[1] == ({"p": W}, X, Y)


def test_arguments_with_defaults_are_left_to_their_defaults():
    assert bound(lambda p, X, rate=0.5: (p, X, rate), [W, B], X)[1] == ([W, B], X, 0.5)


def test_any_number_of_arguments_takes_the_parameters_first():
    assert bound(lambda *everything: everything, {"W": W}, X)[1] == ({"W": W}, X)


def test_a_partial_function_is_called_with_what_it_still_takes():
    def cost(rate, p, X):
        return rate, p, X

    binding, got = bound(partial(cost, 0.5), {"W": W}, X)
    assert got == (0.5, {"W": W}, X)
    assert binding.data_names == ("X",)


@pytest.mark.parametrize("count", [0, 3])
def test_another_number_of_arguments_is_refused_in_one_line_with_the_repair(count):
    def loss(p, X):
        return p, X

    with pytest.raises(CheckError) as refused:
        bind(loss, {"W": W, "b": B, "c": B}, count, "the cost")
    line = str(refused.value)
    assert line == (
        f"the cost loss: takes 2 arguments, not the parameters and {count} more; wrap it: "
        "lambda parameters, *data: loss(...)"
    )
