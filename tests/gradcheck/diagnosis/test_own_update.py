"""The update step, checked beside the gradient."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from support.plain_nets import SMALL, X, Y, cost, drawn, gradient, named, squares, twice, verdicts


def right_update(p, g, rate):
    return {name: p[name] - rate * g[name] for name in p}


def in_place_update(p, g, rate):
    for name in p:
        p[name] -= rate * g[name]


@pytest.mark.parametrize("update", [right_update, in_place_update])
def test_a_right_update_is_right(update):
    assert check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=update).right


def uphill(p, g, rate):
    return {name: p[name] + rate * g[name] for name in p}


def rate_twice(p, g, rate):
    return {name: p[name] - 2 * rate * g[name] for name in p}


def first_layer_left_out(p, g, rate):
    p["W2"] -= rate * g["W2"]
    p["b2"] -= rate * g["b2"]


@pytest.mark.parametrize(
    ("update", "cause", "tensors"),
    [
        (uphill, "wrong-step", ("W1", "b1", "W2", "b2")),
        (rate_twice, "wrong-step", ("W1", "b1", "W2", "b2")),
        (first_layer_left_out, "layer-not-updated", ("W1", "b1")),
    ],
)
def test_a_wrong_update_is_named(update, cause, tensors):
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=update)
    assert (outcome.verdict, outcome.fault, named(outcome)) == ("wrong", "update", [cause])
    assert outcome.causes[0].tensors == tensors
    assert set(verdicts(outcome).values()) == {"right"}


def test_another_shape_after_the_step_is_named():
    def averaged(p, g, rate):
        return right_update(p, g, rate) | {"W1": (p["W1"] - rate * g["W1"]).mean(axis=0)}

    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=averaged)
    assert (outcome.fault, named(outcome)) == ("update", ["wrong-step"])
    assert outcome.causes[0].evidence.endswith("W1: has another shape after the step")


def test_the_size_of_a_wrong_step_and_its_line_are_said():
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=uphill)
    assert "moves by +1 x rate x gradient" in outcome.causes[0].evidence
    assert outcome.causes[0].line.text.strip() == "return {name: p[name] + rate * g[name] for name in p}"


def test_gamma_and_beta_exchanged_in_the_update_are_named():
    p = {"W": np.array([[1.0, 2.0]]), "gamma": np.array([1.0, 2.0]), "beta": np.array([3.0, 4.0])}

    def exchanged(p, g, rate):
        return {
            "W": p["W"] - rate * g["W"],
            "gamma": p["gamma"] - rate * g["beta"],
            "beta": p["beta"] - rate * g["gamma"],
        }

    outcome = check_gradient(squares, twice, p, update=exchanged)
    assert named(outcome) == ["gamma-beta-swapped-in-update"]
    assert outcome.causes[0].tensors == ("gamma", "beta")


def test_an_update_that_loses_a_parameter_is_wrong():
    outcome = check_gradient(squares, twice, SMALL, update=lambda p, g, rate: {"w": p["w"] - rate * g["w"]})
    assert named(outcome) == ["wrong-step"]
    assert "1 arrays for 2 parameters" in outcome.causes[0].evidence
