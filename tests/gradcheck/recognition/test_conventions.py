"""Small nets and data as expressions, laid out by convention."""

import numpy as np
import pytest

from chainrule.gradcheck.program.names import Meaning
from chainrule.gradcheck.recognition.conventions import (
    CLASSES,
    HIDDEN,
    INPUTS,
    SAMPLES,
    WIDTHS,
    Convention,
    every_convention,
    inputs,
    integer_labels,
    of_layer,
    one_hot,
    parameter,
)
from support.expressions import value_of


def shape(expression):
    return np.shape(value_of(expression))


def test_sizes_differ_so_that_another_layout_fails():
    for layers, widths in WIDTHS.items():
        sizes = (*widths, SAMPLES)
        assert len(set(sizes)) == len(sizes)
        assert len(widths) == layers + 1
        assert (widths[0], widths[-1]) == (INPUTS, CLASSES)
    assert WIDTHS[2][1] == HIDDEN


@pytest.mark.parametrize("has_bias", [True, False])
def test_every_convention_comes_once_and_one_hot_labels_first(has_bias):
    every = list(every_convention(has_bias=has_bias))
    biases = {"(K, 1)", "(K,)", "(1, K)"} if has_bias else {"none", "joined"}
    assert len(every) == len(set(every)) == 2 * 2 * 2 * len(biases)
    assert {convention.bias for convention in every} == biases
    labels = [convention.labels for convention in every]
    assert labels == sorted(labels, reverse=True)


def test_the_usual_conventions_come_first():
    first, second, *_ = every_convention(has_bias=True)
    assert first == Convention()
    assert second == Convention("rows", "one-hot", "in, out", "(K,)")


@pytest.mark.parametrize(
    "convention", list(every_convention(has_bias=True)), ids=lambda convention: convention.words
)
def test_a_net_of_a_convention_fits_together(convention):
    X, W, b = (
        value_of(e)
        for e in (
            inputs(convention),
            of_layer("weights", 0, 1, convention),
            of_layer("bias", 0, 1, convention),
        )
    )
    Y = value_of(one_hot(convention, "np", integer_labels()))
    columns = X if convention.samples == "columns" else X.T
    matrix = W if convention.weights == "out, in" else W.T
    scores = matrix @ columns + b.reshape(-1, 1)
    assert scores.shape == (Y if convention.samples == "columns" else Y.T).shape == (CLASSES, SAMPLES)
    assert b.shape == {"(K, 1)": (CLASSES, 1), "(K,)": (CLASSES,), "(1, K)": (1, CLASSES)}[convention.bias]
    assert Y.sum() == SAMPLES


@pytest.mark.parametrize(
    ("weights", "wanted"), [("out, in", (CLASSES, INPUTS + 1)), ("in, out", (INPUTS + 1, CLASSES))]
)
def test_a_joined_bias_is_one_more_column_or_row_of_the_weights(weights, wanted):
    assert shape(of_layer("weights", 0, 1, Convention(weights=weights, bias="joined"))) == wanted


@pytest.mark.parametrize(
    ("role", "layer", "layers", "wanted"),
    [
        ("weights", None, 1, [(3, 6)]),
        ("weights", None, 2, [(5, 6), (3, 5)]),
        ("bias", None, 3, [(5, 1), (4, 1), (3, 1)]),
        ("scale", None, 3, [(5, 1), (4, 1)]),
        ("shift", None, 2, [(5, 1)]),
        ("weights", 2, 3, [(4, 5)]),
        ("bias", 1, 2, [(5, 1)]),
    ],
)
def test_a_name_that_counts_no_layer_is_the_list_of_all(role, layer, layers, wanted):
    made = value_of(parameter(Meaning(role, layer), layers, Convention()))
    shapes = [array.shape for array in made] if isinstance(made, list) else [made.shape]
    assert shapes == wanted
    assert isinstance(made, list) == (layer is None and layers > 1)


def test_scales_are_drawn_around_1_and_not_near_0():
    scale = value_of(of_layer("scale", 0, 2, Convention(bias="(K,)")))
    assert scale.shape == (HIDDEN,)
    assert scale.min() >= 0.5


@pytest.mark.parametrize(
    ("convention", "words"),
    [
        (Convention(), "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)"),
        (
            Convention("rows", "integers", "in, out", "(K,)"),
            "X (N, d), labels integers (N,), W (in, out), b (K,)",
        ),
        (Convention("rows", bias="none"), "X (N, d), labels one-hot (N, K), W (out, in), no b"),
        (Convention(bias="joined"), "X (d, N), labels one-hot (K, N), W (out, in), b the last column of W"),
        (
            Convention(weights="in, out", bias="joined"),
            "X (d, N), labels one-hot (K, N), W (in, out), b the last row of W",
        ),
    ],
)
def test_a_convention_is_said_in_words(convention, words):
    assert convention.words == words
