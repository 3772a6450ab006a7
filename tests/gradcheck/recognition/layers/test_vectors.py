"""Vectors of all parameters that a cost is given, and when their gradients tell anything."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.vectors import agrees_in_part, parameter_vector
from support.adapters import defined
from support.cost_programs import VECTOR
from support.layers import checked, read

ADAPTER = """
def chainrule_check(rng):
    w = rng.normal(size=10)
    return dict(parameters=dict(w=w), data=(), cost=lambda w: np.sum(w ** 3), gradient=lambda w: {gradient})
"""


def test_sizes_have_the_names_of_the_cost_and_vectors_are_those_of_what_it_calls():
    file = defined(VECTOR)
    layer = LayerPair(file.named("cost"), file.named("gradient"), takes_the_same=True)
    vector = parameter_vector(layer, file)
    assert vector.name == "vec"
    assert vector.sizes == {"n_vis": "6", "n_hid": "5"}
    assert parameter_vector(layer._replace(takes_the_same=False), file) is None


@pytest.mark.parametrize(
    ("gradient", "agrees"),
    [
        ("3 * w ** 2 * (np.arange(10) < 3)", True),
        ("3 * w ** 2 * (np.arange(10) == 3)", True),
        ("w ** 2", False),
        ("3 * w[:9] ** 2", False),
    ],
)
def test_a_gradient_agrees_in_part_or_not_at_all(gradient, agrees):
    text = ADAPTER.format(gradient=gradient)
    assert agrees_in_part(adapter.declared(text, {"np": np}, np.random.default_rng(0))) == agrees


def test_more_of_a_vector_than_there_are_parameters_is_none_of_it():
    outcome, reading = checked(VECTOR)
    assert outcome.right
    assert "size=71" in reading.text


def test_where_no_entry_agrees_nothing_is_said():
    every, _ = read(VECTOR.replace("return np.concatenate(", "return 1.1 * np.concatenate("))
    assert [reading.text for reading in every] == [""]


WEIGHTED = """
def cost(theta, X, y, n, k, importance):
    r = np.tanh(X @ theta[:n * k].reshape(n, k)) @ theta[n * k:].reshape(k, 1) - y
    return 0.5 * np.sum(importance * r ** 2)
def gradient(theta, X, y, n, k, importance):
    H = np.tanh(X @ theta[:n * k].reshape(n, k))
    v = theta[n * k:].reshape(k, 1)
    d = np.mean(importance) * (H @ v - y)
    return np.concatenate([(X.T @ ((d @ v.T) * (1 - H ** 2))).ravel(), (H.T @ d).ravel()])
"""


def test_what_no_name_calls_a_number_is_not_tried_as_one_alone():
    (reading,), _ = read(WEIGHTED)
    assert not reading.text
    assert checked(WEIGHTED.replace("importance", "strength"))[0].right
