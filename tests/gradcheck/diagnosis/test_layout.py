"""Which of the user's arrays are the weights, biases, scales and shifts of which layer."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.layout import WeightPlace, candidates
from chainrule.gradcheck.program.leaves import leaves

W1, W2 = np.arange(24.0).reshape(6, 4), np.arange(18.0).reshape(3, 6)
B1, B2 = np.arange(6.0), np.arange(3.0)


def layouts(nest, inputs, classes):
    return list(candidates(leaves(nest), inputs, classes))


def test_weights_from_inputs_to_units_are_found_transposed():
    layout = layouts({"W1": W1.T, "b1": B1, "W2": W2.T, "b2": B2}, 4, 3)[0]
    assert layout.weights == (WeightPlace(0, True, None), WeightPlace(2, True, None))
    assert layout.b == (1, 3)
    first, second = layout.layers([W1.T, B1, W2.T, B2])
    np.testing.assert_array_equal(first.W, W1)
    np.testing.assert_array_equal(second.W, W2)
    assert layout.names(4) == ["W1", "b1", "W2", "b2"]


def test_weights_from_units_to_inputs_are_found_as_they_are():
    layout = layouts({"W1": W1, "b1": B1[:, np.newaxis], "W2": W2, "b2": B2[:, np.newaxis]}, 4, 3)[0]
    assert layout.weights == (WeightPlace(0, False, None), WeightPlace(2, False, None))
    np.testing.assert_array_equal(layout.layers([W1, B1[:, np.newaxis], W2, B2[:, np.newaxis]])[0].b, B1)


@pytest.mark.parametrize("transposed", [False, True])
def test_a_bias_column_is_taken_off_and_put_back(transposed):
    with_bias = np.hstack([W1, B1[:, np.newaxis]])
    mine = with_bias.T if transposed else with_bias
    (layout, *_) = layouts({"W": mine}, 4, 6)
    assert layout.weights == (WeightPlace(0, transposed, 4),)
    (layer,) = layout.layers([mine])
    np.testing.assert_array_equal(layer.W, W1)
    np.testing.assert_array_equal(layer.b, B1)
    (back,) = layout.put_back({"W1": W1, "b1": B1}, [mine])
    np.testing.assert_array_equal(back, mine)
    assert layout.names(1) == ["W1+b1"]


@pytest.mark.parametrize(
    ("nest", "weights", "b"),
    [
        ([W1, B1, W2, B2], (0, 2), (1, 3)),
        ([W1, W2, B1, B2], (0, 1), (2, 3)),
        ([[W1, W2], [B1, B2]], (0, 1), (2, 3)),
        ([W2, B2, W1, B1], (2, 0), (3, 1)),
        ({"b2": B2, "b1": B1, "W2": W2, "W1": W1}, (3, 2), (1, 0)),
        ({"theta": [W1, W2], "phi": [B1, B2]}, (0, 1), (2, 3)),
        ([W1, W2], (0, 1), (None, None)),
    ],
    ids=[
        "alternating",
        "grouped",
        "parallel lists",
        "last first",
        "named, last first",
        "other names",
        "no bias",
    ],
)
def test_layers_are_found_in_any_order(nest, weights, b):
    layout = layouts(nest, 4, 3)[0]
    assert tuple(place.leaf for place in layout.weights) == weights
    assert layout.b == b


def test_scale_and_shift_are_found_by_name_and_by_place():
    gamma, beta = np.ones(6), np.zeros(6)
    named = {"W1": W1, "beta1": beta, "gamma1": gamma, "b1": B1, "W2": W2, "b2": B2}
    layout = layouts(named, 4, 3)[0]
    assert (layout.b, layout.gamma, layout.beta) == ((3, 5), (2, None), (1, None))
    in_lists = layouts([[W1, W2], [B1, B2], [gamma], [beta]], 4, 3)
    assert ((2, 3), (4, None), (5, None)) in [(f.b, f.gamma, f.beta) for f in in_lists]
    flat = layouts([W1, B1, gamma, beta, W2, B2], 4, 3)
    assert ((1, 5), (2, None), (3, None)) in [(f.b, f.gamma, f.beta) for f in flat]


def test_a_gradient_is_put_back_as_the_users_arrays_lie():
    arrays = [W1.T, B1[np.newaxis], W2.T, B2[np.newaxis]]
    layout = layouts(dict(zip(("W1", "b1", "W2", "b2"), arrays, strict=True)), 4, 3)[0]
    back = layout.put_back({"W1": W1, "b1": B1, "W2": W2, "b2": B2}, arrays)
    for a, b in zip(back, arrays, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("nest", "inputs", "classes"),
    [({"W1": W1}, 9, None), ({"W1": W1}, 4, 5), ({"W1": W1, "k": np.zeros((2, 2, 2))}, 4, 6), ({}, 4, 3)],
    ids=["inputs", "classes", "a tensor of three dimensions", "nothing"],
)
def test_what_is_no_chain_of_layers_has_no_layout(nest, inputs, classes):
    assert layouts(nest, inputs, classes) == []
