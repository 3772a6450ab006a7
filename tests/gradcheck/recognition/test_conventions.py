"""Small nets and data as expressions, laid out by convention."""

import numpy as np
import pytest

from chainrule.gradcheck.program.names import Meaning
from chainrule.gradcheck.recognition.conventions import (
    CLASSES,
    DEEPEST,
    HIDDEN,
    INPUTS,
    SAMPLES,
    USUAL_SIZES,
    Convention,
    Sizes,
    drawn_labels,
    inputs,
    integer_labels,
    of_layer,
    one_hot,
    parameter,
    tiers,
)
from support.expressions import value_of


def shape(expression):
    return np.shape(value_of(expression))


def test_sizes_differ_so_that_another_layout_fails():
    for layers in range(1, DEEPEST + 1):
        widths = USUAL_SIZES.widths(layers)
        sizes = (*widths, SAMPLES)
        assert len(set(sizes)) == len(sizes)
        assert len(widths) == layers + 1
        assert (widths[0], widths[-1]) == (INPUTS, CLASSES)
    assert USUAL_SIZES.widths(2)[1] == HIDDEN


def every(has_bias):
    return [convention for tier in tiers(has_bias=has_bias) for convention in tier]


@pytest.mark.parametrize("has_bias", [True, False])
def test_every_convention_comes_once_and_labels_of_several_classes_in_every_layout(has_bias):
    biases = {"(K, 1)", "(K,)", "(1, K)"} if has_bias else {"none", "joined"}
    assert len(every(has_bias)) == len(set(every(has_bias)))
    for labels in ("one-hot", "integers", "one-hot across"):
        of_kind = [c for c in every(has_bias) if c.labels == labels and c.samples in ("columns", "rows")]
        assert len(of_kind) == 2 * 2 * len(biases)
        assert {convention.bias for convention in of_kind} == biases


def test_the_usual_conventions_come_first():
    first, second, *_ = every(True)
    assert first == Convention()
    assert second == Convention("rows", "one-hot", "in, out", "(K,)")


@pytest.mark.parametrize("convention", every(True), ids=lambda convention: convention.words)
def test_a_net_of_a_convention_fits_together(convention):
    X, W, b = (
        np.asarray(value_of(e))
        for e in (
            inputs(convention),
            of_layer("weights", 0, 1, convention),
            of_layer("bias", 0, 1, convention),
        )
    )
    outputs = 1 if convention.single else CLASSES
    columns = X.T if convention.samples == "rows" else X.reshape(INPUTS, -1)
    matrix = W.T if convention.weights == "in, out" else W
    scores = matrix.reshape(outputs, INPUTS) @ columns + b.reshape(-1, 1)
    assert scores.shape == (outputs, convention.count)
    assert (
        b.shape
        == {"(K, 1)": (outputs, 1), "(K,)": (outputs,), "(1, K)": (1, outputs), "number": ()}[convention.bias]
    )


@pytest.mark.parametrize(
    ("samples", "labels", "wanted"),
    [
        ("columns", "one-hot", (CLASSES, SAMPLES)),
        ("rows", "one-hot", (SAMPLES, CLASSES)),
        ("column", "one-hot", (CLASSES, 1)),
        ("vector", "one-hot", (CLASSES,)),
        ("vector", "binary", ()),
        ("rows", "one-hot across", (CLASSES, SAMPLES)),
        ("columns", "integers", (SAMPLES,)),
        ("columns", "binary", (1, SAMPLES)),
        ("rows", "binary", (SAMPLES, 1)),
        ("rows", "binary (N,)", (SAMPLES,)),
    ],
)
def test_labels_lie_as_a_convention_says(samples, labels, wanted):
    Y = value_of(drawn_labels(Convention(samples, labels), "np"))
    assert Y.shape == wanted
    if "one-hot" in labels:
        assert Y.sum() == max(Y.size // CLASSES, 1)
    else:
        assert set(Y.ravel()) <= set(range(2 if "binary" in labels else CLASSES))


def test_one_hot_labels_are_made_of_integers():
    assert one_hot(Convention(), "np", integer_labels(Convention())) == drawn_labels(Convention(), "np")


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


def test_arrays_have_the_sizes_of_a_convention():
    wide = Convention(sizes=Sizes(12, 50, 10))
    assert [shape(of_layer("weights", layer, 2, wide)) for layer in (0, 1)] == [(50, 12), (10, 50)]
    assert (shape(inputs(wide)), shape(drawn_labels(wide, "np"))) == ((12, SAMPLES), (10, SAMPLES))
    assert wide.words.endswith("b (K, 1), 12 inputs, 50 hidden, 10 classes")
    assert {c.sizes for tier in tiers(has_bias=True, sizes=wide.sizes) for c in tier} == {wide.sizes}


def test_weights_of_many_inputs_are_small():
    many = value_of(of_layer("weights", 0, 1, Convention(sizes=Sizes(3072))))
    assert many.std() == pytest.approx(3072**-0.5, rel=0.02)


def test_a_number_is_the_bias_of_one_unit_only():
    bias = Convention(labels="binary", bias="number")
    assert [shape(of_layer("bias", layer, 2, bias)) for layer in (0, 1)] == [(HIDDEN,), ()]


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
        (Convention("column"), "X (d, 1), labels one-hot (K, N), W (out, in), b (K, 1)"),
        (Convention("vector", bias="(K,)"), "X (d,), labels one-hot (K,), W (out, in), b (K,)"),
        (Convention("vector", "binary", "in", "number"), "X (d,), labels 0 or 1, W (in), b a number"),
        (
            Convention(labels="binary", bias="number"),
            "X (d, N), labels 0 or 1 (1, N), W (out, in), b a number",
        ),
        (Convention("rows", "one-hot across"), "X (N, d), labels one-hot (K, N), W (out, in), b (K, 1)"),
    ],
)
def test_a_convention_is_said_in_words(convention, words):
    assert convention.words == words


def test_a_gate_has_weights_of_state_and_input_at_once():
    shapes = [
        parameter(Meaning("gate", 1), 2, Convention(weights=weights)) for weights in ("out, in", "in, out")
    ]
    assert shapes == ["rng.normal(size=(5, 11)) / 2", "rng.normal(size=(11, 5)) / 2"]
