"""Which of the arrays that came back is whose gradient."""

from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.leaves import Leaf, leaves, returned_leaves
from chainrule.gradcheck.program.matching import match

W1, B1, W2, B2 = np.zeros((4, 3)), np.zeros(4), np.zeros((2, 4)), np.zeros(2)
NET = {"W1": W1, "b1": B1, "W2": W2, "b2": B2}


def order(parameters, returned):
    own, found = leaves(parameters), returned_leaves(returned)
    return [found[j].name for j in match(own, found, type(returned).__name__).orders[0]]


def guessed(parameters, returned):
    return match(leaves(parameters), returned_leaves(returned)).guessed


def refused(parameters, returned):
    with pytest.raises(CheckError) as caught:
        match(leaves(parameters), returned_leaves(returned), type(returned).__name__)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "pattern",
    [
        "{}", "d{}", "D{}", "grad_{}", "grads_{}", "gradient_{}", "{}_grad", "{}grad", "{}_gradient", "nabla_{}",
        "dJ_{}", "dJd{}", "dLoss_{}", "dLoss_d{}",
    ],
)  # fmt: skip
def test_names_with_what_marks_a_gradient_are_the_parameters_names(pattern):
    returned = {pattern.format(name): array for name, array in reversed(NET.items())}
    assert order(NET, returned) == [pattern.format(name) for name in NET]
    assert not guessed(NET, returned)


@pytest.mark.parametrize("outer", ["grad", "grads", "gradients"])
def test_a_nest_called_gradients_is_looked_into(outer):
    returned = {outer: dict(reversed(NET.items()))}
    assert order(NET, returned) == [f"{outer}.{name}" for name in NET]
    assert not guessed(NET, returned)


@pytest.mark.parametrize("pattern", ["{}", "d{}"])
def test_the_name_of_an_object_that_holds_all_parameters_is_none_of_theirs(pattern):
    own = {"W1": W1, "gamma": B1, "beta": B1.copy()}
    returned = {pattern.format(name): array for name, array in reversed(own.items())}
    assert order(SimpleNamespace(params=own), returned) == [pattern.format(name) for name in own]
    assert not guessed(SimpleNamespace(params=own), returned)


def test_parallel_lists_match_by_name_and_place():
    own = {"W": [W1, W2], "b": [B1, B2]}
    assert order(own, {"b": [B1, B2], "W": [W1, W2]}) == ["W[0]", "W[1]", "b[0]", "b[1]"]


def test_a_name_that_is_met_literally_is_meant():
    own = {"d": W1, "dd": W1}
    assert order(own, {"dd": W1, "d": W1}) == ["d", "dd"]


def test_without_names_the_parameters_own_order_decides():
    assert order(NET, (W1, B1, W2, B2)) == ["[0]", "[1]", "[2]", "[3]"]
    assert not guessed(NET, [W1, B1, W2, B2])


def test_names_that_are_no_parameters_leave_it_to_the_order():
    assert order(NET, {"p": W1, "q": B1, "r": W2, "s": B2}) == ["p", "q", "r", "s"]


@pytest.mark.parametrize(
    ("returned", "wanted"),
    [
        ((B2, W2, B1, W1), [3, 2, 1, 0]),
        ((B1, B2, W1, W2), [2, 0, 3, 1]),
        ((W1, W2, B1, B2), [0, 2, 1, 3]),
        ((W2, B2, W1, B1), [2, 3, 0, 1]),
        ((W2, W1, B2, B1), [1, 3, 0, 2]),
    ],
    ids=["reversed", "vectors first", "matrices first", "last layer first", "both backwards"],
)
def test_other_orders_are_told_by_shape_and_said_to_be_guessed(returned, wanted):
    assert order(NET, returned) == [f"[{j}]" for j in wanted]
    assert guessed(NET, returned)


def test_bias_before_weights_is_told_by_shape():
    assert order({"W": W1, "b": B1}, (B1, W1)) == ["[1]", "[0]"]


def test_vectors_match_however_they_lie():
    assert order({"W": W1, "b": B1[:, np.newaxis]}, (B1[np.newaxis], W1)) == ["[1]", "[0]"]


def test_a_number_beside_the_gradients_is_the_cost():
    assert order(NET, (1.5, W1, B1, W2, B2)) == ["[1]", "[2]", "[3]", "[4]"]
    assert order(NET, (np.float64(1.5), NET)) == [f"[1].{name}" for name in NET]
    assert order({"W": W1}, {"loss": 1.5, "dW": W1}) == ["dW"]


def test_a_number_where_a_gradient_is_missing_stands_for_it():
    assert order({"W": W1, "b": B1}, (W1, 1.5)) == ["[0]", "[1]"]


def test_square_layers_keep_the_order_they_come_in():
    square = {"W1": np.zeros((3, 3)), "W2": np.zeros((3, 3))}
    assert order(square, (square["W1"], square["W2"])) == ["[0]", "[1]"]


@pytest.mark.parametrize(
    "b", [np.zeros((3, 1)), np.zeros((1, 3)), np.zeros(3)], ids=["column", "row", "vector"]
)
def test_every_order_that_fits_is_given_where_shapes_do_not_settle_it(b):
    W = np.zeros((3, 3))
    own = leaves({"W1": W, "b1": b, "W2": W, "b2": b})
    matching = match(own, returned_leaves((b, b, W, W)))
    assert matching.guessed
    assert matching.orders == [[2, 0, 3, 1], [3, 1, 2, 0]]


def test_what_was_guessed_is_said_in_words():
    own, found = leaves({"W": W1, "b": B1}), returned_leaves((B1, W1))
    matching = match(own, found)
    assert matching.note([1, 0], own, found) == "the gradients were matched by shape: W is [1], b is [0]"
    plain = match(own, returned_leaves((W1, B1)))
    assert plain.note([0, 1], own, found) == ""


def test_an_unclear_order_is_refused_with_the_choices():
    a, b, c = np.zeros((2, 3)), np.zeros((3, 2)), np.zeros((3, 2))
    lines = refused({"a": a, "b": b, "c": c}, (b, a, c))
    assert lines[0].startswith("the gradient: which array belongs to b? [0] or [2] would fit; ")
    assert lines[1].startswith("the gradient: which array belongs to c? [0] or [2] would fit; ")
    assert len(lines) == 2


def test_a_missing_gradient_is_named():
    lines = refused(NET, {"dW1": W1, "db1": B1, "dW2": W2})
    assert lines == [
        "the gradient: returns dW1, db1, dW2, but nothing for b2; return one array for each parameter, under its name"
    ]


def test_an_extra_gradient_is_named():
    (line,) = refused({"W1": W1}, {"dW1": W1, "dW2": B1})
    assert "also returns dW2, which belongs to no parameter" in line


def test_gradients_of_what_lies_between_are_left_aside():
    assert order({"W": W1}, {"dX": B1, "dW": W1}) == ["dW"]
    assert order({"W": W1}, {"da2": B1, "dz1": B1, "dW": W1}) == ["dW"]


def test_another_number_of_arrays_is_refused_with_all_shapes():
    (line,) = refused(NET, (W1, B1, W2))
    assert line.startswith(
        "the gradient: returns 3 arrays ([0] (4, 3), [1] (4,), [2] (2, 4)) for 4 parameters"
    )
    (line,) = refused({"W": W1}, (W1, W1))
    assert "returns 2 arrays" in line


@pytest.mark.parametrize(
    ("returned", "what"), [(None, "NoneType"), ({}, "dict"), ("dW", "str"), ([], "list")]
)
def test_nothing_that_is_an_array_is_refused(returned, what):
    (line,) = refused(NET, returned)
    assert line == (
        f"the gradient: returns {what} with no array in it; return the gradients, or keep them on the object as "
        "grad_W1, grad_b1"
    )


def test_one_wrong_shape_keeps_the_order_of_the_rest():
    assert order(NET, (W1.T, B1, W2, B2)) == ["[0]", "[1]", "[2]", "[3]"]
    assert order(NET, (W2, B2, W1.T, B1)) == ["[2]", "[3]", "[0]", "[1]"]


def test_names_with_g_in_front_are_gradients_names_too():
    square = np.zeros((3, 3))
    assert order({"W1": square, "W2": square}, {"gW2": square, "gW1": square}) == ["gW1", "gW2"]


def test_a_number_that_is_called_like_a_gradient_is_no_cost_beside_others():
    returned = {"dW1": W1, "db1": np.float64(3) * np.ones(()), "dX": W2}
    assert order({"W1": W1, "b1": np.zeros(1)}, returned) == ["dW1", "db1"]


def test_a_list_for_each_kind_is_told_by_its_name_from_whichever_end_fits():
    shapes = {"b": [(5, 1), (3, 1)], "W": [(5, 6), (3, 5)], "gamma": [(5, 1)]}
    parameters = [
        Leaf(f"layers[{i}].{kind}", np.ones(shapes[kind][i])) for i in (0, 1) for kind in ("W", "b")
    ]
    parameters.insert(2, Leaf("layers[0].gamma", np.ones((5, 1))))
    for step, expected in ((1, [2, 0, 4, 3, 1]), (-1, [3, 1, 4, 2, 0])):
        returned = [
            Leaf(f"grad_{kind}[{i}]", np.ones(shape))
            for kind in shapes
            for i, shape in enumerate(shapes[kind][::step])
        ]
        matching = match(parameters, returned)
        assert (matching.orders, matching.guessed) == ([expected], False)
