"""Parameters in dictionaries of dictionaries."""

import numpy as np
import pytest

from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.names import Meaning
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.conventions import USUAL_SIZES, Convention
from chainrule.gradcheck.recognition.nested import groups_of, nested_dictionaries
from chainrule.gradcheck.recognition.patch_filters import Filters
from support.expressions import value_of

ROWS = Convention("rows", "integers", "in, out", "(K,)", filters=Filters())
WEIGHTS, BIAS, SCALE, FILTERS = (Meaning(role) for role in ("weights", "bias", "scale", "filters"))


def groups(*bodies):
    text = "\n".join(f"def f{i}(X, y, p):\n    return {body}" for i, body in enumerate(bodies))
    return groups_of(definitions(Source((Part("net.py", text),))).functions, {"p"})


def first_of(given):
    return next(iter(nested_dictionaries("p", given, ROWS)))


def shapes(given):
    made = value_of(given.values["p"])
    return {key: {k: array.shape for k, array in inner.items()} for key, inner in made.items()}


def test_inner_dictionaries_come_in_the_order_of_the_function_that_knows_most():
    forward = 'p["first"]["w"], p["norm"]["scale"], p["last"]["w"]'
    assert groups('p["last"]["w"]', forward) == {
        "first": {"w": WEIGHTS}, "norm": {"scale": SCALE}, "last": {"w": WEIGHTS},
    }  # fmt: skip


def test_without_weights_in_one_of_them_there_are_none():
    assert groups('p["cache"]["mean"], p["b"]["b1"]') == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"in": {"w": WEIGHTS, "b": BIAS}, "bn": {"scale": SCALE}, "out": {"w": WEIGHTS}},
            {"in": {"w": (6, 5), "b": (5,)}, "bn": {"scale": (5,)}, "out": {"w": (5, 3)}},
        ),
        ({"fc2": {"W": WEIGHTS}, "fc1": {"W": WEIGHTS}}, {"fc2": {"W": (5, 3)}, "fc1": {"W": (6, 5)}}),
        (
            {"weights": {"W0": Meaning("weights", 0), "W1": Meaning("weights", 1)}},
            {"weights": {"W0": (6, 5), "W1": (5, 3)}},
        ),
        (
            {"fc2": {"W": WEIGHTS}, "conv": {"F": FILTERS}, "fc1": {"W": WEIGHTS}},
            {"fc2": {"W": (5, 3)}, "conv": {"F": (12, 2)}, "fc1": {"W": (6, 5)}},
        ),
        ({"layer#": {"W": WEIGHTS}}, {"layer1": {"W": (6, 5)}, "layer2": {"W": (5, 3)}}),
    ],
)
def test_every_parameter_is_of_its_layer(given, expected):
    assert shapes(first_of(given)) == expected


def test_counted_layers_have_every_depth_and_one_layer_comes_last():
    every = list(nested_dictionaries("p", {"layer#": {"W": WEIGHTS}}, ROWS))
    assert [given.layers for given in every] == [2, 3, 2, 3, 1, 1]
    assert {**first_of({"layer#": {"W": WEIGHTS}}).at_depth(1, USUAL_SIZES).values}.keys() == {"p"}
    assert [list(value_of(given.values["p"])) for given in every][2] == ["layer0", "layer1"]


@pytest.mark.parametrize("given", [{"a": {"W": WEIGHTS}, "b": {"W": WEIGHTS}}, {"layer#": {"W": WEIGHTS}}])
def test_the_squares_are_those_of_all_weights(given):
    made = first_of(given)
    p = value_of(made.values["p"])
    squares = eval(made.squares, {"p": p})  # noqa: S307
    assert squares == pytest.approx(sum(np.sum(inner["W"] ** 2) for inner in p.values()))
