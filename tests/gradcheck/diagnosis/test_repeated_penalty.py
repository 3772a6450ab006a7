"""Costs that add their penalty again and again."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.repeated_penalty import found
from support.diagnosed import DATA, FEWER_SAMPLES, evidence_of
from support.plain_nets import forward, gradient


def losses(p, X, Y):
    _, P = forward(p, X)
    return -np.log((Y * P).sum(axis=0))


def penalty(p, lam):
    return lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())


def for_each_sample(p, X, Y, lam):
    total = 0.0
    for loss in losses(p, X, Y):
        total += loss / X.shape[1]
        total += penalty(p, lam)  # here
    return total


def for_each_sample_layer_by_layer(p, X, Y, lam):
    total = 0.0
    for loss in losses(p, X, Y):
        total += loss / X.shape[1]
        for name in ("W1", "W2"):
            total += lam * (p[name] ** 2).sum()  # here
    return total


def for_each_layer(p, X, Y, lam):
    total = losses(p, X, Y).mean()
    for _ in ("W1", "W2"):
        total += penalty(p, lam)  # here
    return total


def added_to_every_loss(p, X, Y, lam):
    return np.sum(losses(p, X, Y) / X.shape[1] + lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum()))  # here


def averaged(p, X, Y, lam):
    total = 0.0
    for loss in losses(p, X, Y):
        total += loss + penalty(p, lam)
    return total / X.shape[1]


def once(p, X, Y, lam):
    return losses(p, X, Y).mean() + penalty(p, lam)


def over_n(p, X, Y, lam):
    return gradient(p, X, Y, lam / X.shape[1])


def told(cost, gradient=gradient):
    return found(evidence_of(gradient, DATA, FEWER_SAMPLES, cost=cost))


@pytest.mark.parametrize(
    ("cost", "each"),
    [
        (for_each_sample, "sample"),
        (for_each_sample_layer_by_layer, "sample"),
        (for_each_layer, "layer"),
        (added_to_every_loss, "sample"),
    ],
)
def test_what_the_cost_adds_its_penalty_for_each_of_is_told_with_the_line(cost, each):
    said, mended, line = told(cost)
    assert said == each
    assert line.text.endswith("# here")
    evidence = evidence_of(gradient, FEWER_SAMPLES, cost=cost)[0]
    assert mended(evidence).penalty == pytest.approx({"W1": 0.1, "W2": 0.1})


@pytest.mark.parametrize("cost", [once, averaged])
def test_a_gradient_with_a_part_of_a_penalty_that_counts_once_is_not_the_costs_fault(cost):
    assert told(cost, over_n) is None


def test_nothing_is_found_where_the_gradient_is_wrong_without_that_too():
    assert told(for_each_sample, over_n) is None


def test_nothing_is_found_in_a_cost_without_a_penalty():
    assert told(lambda p, X, Y, lam: losses(p, X, Y).mean()) is None
