"""Inputs and labels whose names say nothing."""

import pytest

from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.texts import adapter_texts
from support.adapters import ROWS, W, defined


def told(cost, gradient, more=""):
    """The arguments of the cost in each of the readings."""
    text = f"def cost({cost}): return 1\ndef gradient({gradient}): return 1\n{more}"
    return [[a.name for a in f.cost.arguments] for f in choices(defined(text))]


def test_what_cost_and_gradient_take_beside_the_parameters_is_inputs_then_labels():
    assert told("flowers, species, w", "flowers, species, w") == [
        ["inputs", "labels", "w"],
        ["labels", "inputs", "w"],
    ]


def test_beside_inputs_it_is_labels():
    assert told("W, x, s", "W, x, s") == [["W", "x", "labels"]]
    assert told("W, a, y", "W, a, y") == [["W", "inputs", "y"]]


@pytest.mark.parametrize(
    ("cost", "gradient", "more"),
    [
        ("X, y, W, s", "X, y, W, s", ""),
        ("W, x, s", "W, x, r", ""),
        ("W, x, s, r", "W, x, s, r", ""),
        ("W, x, n_hid", "W, x, n_hid", ""),
        ("W, x, s", "W, x, s", "gradient(W, x, forward(x))\ndef forward(x): ..."),
        ("W, x, s", "W, x, s", "gradient(W, x, 'relu')"),
        ("W, x, s=1", "W, x, s", ""),
    ],
    ids=["known", "not shared", "too many", "a size", "made by a function", "a constant", "with a default"],
)
def test_else_nothing_is_told(cost, gradient, more):
    assert told(cost, gradient, more)[0] == [c.split("=")[0] for c in cost.split(", ")]


def test_by_name_they_are_called_as_the_file_calls_them():
    file = defined("def cost(W, x, *, s): return 1\ndef gradient(W, x, *, s): return 1")
    (functions,) = choices(file)
    assert functions.cost.arguments[-1].keyword == "s"
    given = AdapterPlan(functions, DataNames("x", "labels"), W, ROWS, file)
    assert next(adapter_texts(given)).calls["cost"] == "cost(W, x, s=labels)"


def test_a_function_that_reads_a_file_makes_data():
    more = "gradient(W, x, load('a')[0])\ndef load(path): ..."
    assert told("W, x, s", "W, x, s", more) == [["W", "x", "labels"]]
