"""A gradient that is right for another net than the cost's: with which of the two that is laid."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.another_net import found
from chainrule.gradcheck.diagnosis.reading import read
from support.diagnosed import checked_at
from support.plain_nets import H, X, Y, cost, forward, gradient, halved

MASK = (np.random.default_rng(5).random((H, X.shape[1])) < 0.5) / 0.5


def masked_cost(p, X, Y, mask):
    h, _ = forward(p, X)
    s = p["W2"] @ (h * mask) + p["b2"]
    return (np.log(np.exp(s).sum(axis=0)) - (Y * s).sum(axis=0)).mean()


def plain_gradient(p, X, Y, mask):
    return gradient(p, X, Y, 0.0)


def drawing_cost(p, X, Y):
    rng = np.random.default_rng(1)
    mask = rng.random((H, X.shape[1])) < 0.7
    return masked_cost(p, X, Y, mask / 0.7)


def squared_cost(p, X, Y):
    _, P = forward(p, X)
    return ((P - Y) ** 2).sum() / X.shape[1]


def cubed_cost(p, X, Y):
    _, P = forward(p, X)
    return (np.abs(P - Y) ** 3).sum() / X.shape[1]


def without_l2(p, X, Y):
    return gradient(p, X, Y, 0.0)


def told(cost, data, gradient=without_l2):
    checked = checked_at(gradient, data, cost=cost)
    return found([checked], read(checked.point, np.random.default_rng(0)))


@pytest.mark.parametrize(
    ("mask", "said"),
    [(MASK, "without mask, on which"), ([[MASK]], "without mask, on which"), (MASK > 0, "without mask, on which")],
    ids=["scaled", "list", "booleans"],
)  # fmt: skip
def test_an_argument_that_only_the_cost_takes_account_of_is_missing_in_the_gradient(mask, said):
    def of_one(p, X, Y, mask):
        return masked_cost(p, X, Y, np.reshape(mask, MASK.shape))

    outcome = told(of_one, (X, Y, mask), plain_gradient)
    assert (outcome.fault, outcome.cause.name) == ("gradient", "unknown")
    assert said in outcome.cause.evidence
    assert "the error that comes back is multiplied by the same" in outcome.cause.repair


def test_a_switch_that_only_the_cost_takes_account_of_is_missing_in_the_gradient():
    def switched(p, X, Y, training):
        return masked_cost(p, X, Y, MASK if training else 1.0)

    outcome = told(switched, (X, Y, True), plain_gradient)
    assert outcome.fault == "gradient"
    assert "without training" in outcome.cause.evidence


def test_numbers_that_the_cost_draws_for_each_sample_are_missing_in_the_gradient():
    outcome = told(drawing_cost, (X, Y))
    assert outcome.fault == "gradient"
    assert "without the numbers drawn in line " in outcome.cause.evidence


@pytest.mark.parametrize(
    ("cost", "said"),
    [(squared_cost, "the cost is that of 4-5-3, squared error"), (cubed_cost, "the cost is not that net's")],
)
def test_elsewhere_nothing_says_which_of_the_two_is_meant(cost, said):
    outcome = told(cost, (X, Y))
    assert (outcome.fault, outcome.cause.name) == ("cost or gradient", "unknown")
    assert "the gradient is right for 4-5-3, cross-entropy" in outcome.cause.evidence
    assert said in outcome.cause.evidence
    assert outcome.cause.repair.startswith("decide which of them is meant")


def test_a_cost_that_its_data_do_not_move_is_the_costs_fault():
    outcome = told(lambda p, X, Y: 0.7, (X, Y))
    assert (outcome.fault, outcome.cause.name) == ("cost", "cost-constant")
    assert outcome.net.form.loss == "cross_entropy"


def test_nothing_is_found_where_the_gradient_is_right_for_no_net_or_for_the_costs_own():
    assert told(squared_cost, (X, Y), lambda p, X, Y: halved(p, X, Y, 1.0)) is None
    assert told(lambda p, X, Y: cost(p, X, Y, 0.0), (X, Y)) is None
