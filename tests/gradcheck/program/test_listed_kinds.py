"""Gradients that come back as a list for each kind of parameter."""

import pytest

from chainrule.gradcheck.program.listed_kinds import by_kinds

OF_LAYERS = ["layers[0].W", "layers[0].b", "layers[0].gamma", "layers[1].W", "layers[1].b"]
LISTED = ["grads_gamma[0]", "grads_b[0]", "grads_b[1]", "grads_W[0]", "grads_W[1]"]


def test_each_list_is_that_of_a_kind_from_the_first_layer_or_the_last():
    assert by_kinds(OF_LAYERS, LISTED) == [[3, 1, 0, 4, 2], [4, 2, 0, 3, 1]]


def test_parameters_may_stand_in_lists_themselves():
    assert by_kinds(["net.W[0]", "net.W[1]", "net.b[0]"], ["db[0]", "dW[0]", "dW[1]"])[0] == [1, 2, 0]


@pytest.mark.parametrize(
    "listed",
    [
        LISTED[1:],
        [*LISTED, "grads_c[0]"],
        [name.replace("gamma", "scale") for name in LISTED],
        [name.replace("[", "_").replace("]", "") for name in LISTED],
    ],
)
def test_other_names_or_numbers_say_nothing(listed):
    assert by_kinds(OF_LAYERS, listed) == []


def test_small_and_capital_letters_are_two_kinds():
    order = by_kinds(["W[0]", "b[0]", "B[0]"], ["grad_B[0]", "grad_b[0]", "grad_W[0]"])[0]
    assert order == [2, 1, 0]
