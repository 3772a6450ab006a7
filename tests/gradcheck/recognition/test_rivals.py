"""Layouts that may be meant as well as the one in which a gradient is right."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.containers import ParameterSet
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.fitness import Fitness
from chainrule.gradcheck.recognition.rivals import FittingAdapter, LayoutRivals
from chainrule.gradcheck.recognition.texts import AdapterText

RIGHT = Fitness(True, 3, True, True, True, 1.0)
WRONG = RIGHT._replace(agrees=False, share=0.0)
MISSHAPEN = RIGHT._replace(shapes=1)
ONE_HOT, ONE_OUTPUT = Convention(), Convention(labels="binary")


def fitting(fit, convention, cost="cost", data=("X", "Y"), parameters=("w",)):
    functions = Functions(Function(cost, ()), Function("gradient", ()))
    values = ParameterSet(dict.fromkeys(parameters, ""))
    plan = AdapterPlan(functions, DataNames(*data), values, convention, Definitions())
    return FittingAdapter(fit, Candidate(AdapterText("", {}, ""), plan, ""))


def rival(best, *others, of_classes=False, **said):
    rivals = LayoutRivals(Definitions(**said))
    for other in others:
        rivals.note(other)
    return rivals.of(best, lambda: of_classes)


@pytest.mark.parametrize("labels", ["binary", "binary (N,)", "integers"])
@pytest.mark.parametrize("fit", [WRONG, MISSHAPEN])
def test_what_disagrees_with_one_hot_labels_is_a_rival_of_what_agrees_with_others(fit, labels):
    other = fitting(fit, ONE_HOT)
    assert rival(fitting(RIGHT, Convention(labels=labels)), other) is other


@pytest.mark.parametrize(
    ("best", "other", "given"),
    [
        (fitting(RIGHT, ONE_OUTPUT), fitting(WRONG, ONE_HOT), {"one_output": True}),
        (fitting(RIGHT, ONE_OUTPUT), fitting(WRONG, ONE_HOT), {"of_classes": True}),
        (fitting(RIGHT, Convention(labels="signs (N,)")), fitting(WRONG, ONE_HOT), {}),
        (fitting(RIGHT, ONE_OUTPUT), fitting(RIGHT, ONE_HOT), {}),
        (fitting(RIGHT, ONE_OUTPUT), fitting(WRONG._replace(shapes=2), ONE_HOT), {}),
        (fitting(RIGHT, ONE_OUTPUT), fitting(WRONG, Convention(samples="rows")), {}),
        (fitting(RIGHT, ONE_OUTPUT), fitting(WRONG, ONE_HOT, "another"), {}),
        (fitting(WRONG, ONE_OUTPUT), fitting(WRONG, ONE_HOT), {}),
        (fitting(RIGHT, ONE_HOT), fitting(WRONG, ONE_HOT), {}),
    ],
)
def test_there_is_no_rival_where_it_is_told_what_is_meant(best, other, given):
    assert rival(best, other, **given) is None


@pytest.mark.parametrize(
    ("data", "parameters", "are_vectors"),
    [
        (("X", "y"), ("w", "b"), True),
        (("X", "y"), ("theta",), True),
        (("X", "y"), ("params",), False),
        (("X", "y"), ("weights1", "biases1"), False),
        (("X", "y"), ("W", "b"), False),
        (("X", "Y"), ("w", "b"), False),
        (("x", "y"), ("w", "b"), False),
        (("X", "y"), ("w1", "w2"), False),
    ],
)
def test_small_letters_beside_a_capital_are_vectors(data, parameters, are_vectors):
    best = fitting(RIGHT, ONE_OUTPUT, data=data, parameters=parameters)
    other = fitting(WRONG, ONE_HOT)
    assert rival(best, other) is (None if are_vectors else other)


def test_a_vector_of_weights_does_not_hide_shapes_that_are_wrong_with_a_matrix():
    matrix = fitting(MISSHAPEN, ONE_OUTPUT)
    vector = fitting(RIGHT, Convention(labels="binary (N,)", weights="in"))
    assert rival(vector, matrix, one_output=True, of_classes=True) is matrix
    assert rival(vector, fitting(WRONG, ONE_OUTPUT), one_output=True) is None


@pytest.mark.parametrize(
    ("layout", "said", "is_rival"),
    [
        ({}, {"makes_matrices": True}, True),
        ({}, {}, False),
        ({"labels": "binary (N,)"}, {"makes_matrices": True}, False),
        ({"weights": "in"}, {"makes_matrices": True}, False),
    ],
)
def test_nor_where_the_file_makes_a_matrix_and_biases_alone_have_their_shapes(layout, said, is_rival):
    little = Fitness(True, 1, False, False, False, 0.0)
    other = fitting(little, replace(ONE_OUTPUT, **layout))
    vector = fitting(RIGHT, Convention(labels="binary (N,)", weights="in"))
    assert rival(vector, other, **said) is (other if is_rival else None)
