"""Faults of a cost whose gradient is that of the right one."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.cost_faults import fault_of
from chainrule.gradcheck.diagnosis.evidence import CERTAIN
from support.diagnosed import DATA, FEWER_SAMPLES, evidence_of
from support.plain_nets import cost, forward, gradient, halved


def losses(p, X, Y):
    _, P = forward(p, X)
    return -np.log((Y * P).sum(axis=0))


def squares(p, *names):
    return sum((p[name] ** 2).sum() for name in names)


def with_factor(factor):
    return lambda p, X, Y, lam: factor(X.shape[1]) * losses(p, X, Y).mean() + lam * squares(p, "W1", "W2")


def with_penalty(penalty):
    return lambda p, X, Y, lam: losses(p, X, Y).mean() + lam * penalty(p)


def of_cost(cost, gradient=gradient, *, wrong=True):
    return fault_of(evidence_of(gradient, DATA, FEWER_SAMPLES, cost=cost), wrong)


def fault(cost, gradient=gradient, *, wrong=True):
    """Name and evidence of the cost's fault; None where it has none."""
    found = of_cost(cost, gradient, wrong=wrong)
    if found is None:
        return None
    cause, mended, _ = found
    assert cause.tensors == ("W1", "b1", "W2", "b2")
    assert (mended.factor, mended.odd) == (1.0, {})
    return cause.name, cause.evidence, cause.sure


@pytest.mark.parametrize(
    ("cost", "name", "said"),
    [
        (with_factor(lambda n: 1 / np.log(10)), "wrong-log-base", "divided by ln 10"),
        (with_factor(lambda n: 1 / np.log(2)), "wrong-log-base", "divided by ln 2"),
        (with_factor(lambda n: n), "missing-batch-mean", "the cost is the sum over the samples"),
        (with_factor(lambda n: 1 / n), "double-batch-mean", "divided by the batch size twice"),
        (with_penalty(lambda p: squares(p, "W1", "b1", "W2", "b2")), "bias-regularised", "the cost penalises b1, b2"),
        (with_penalty(lambda p: 0.0), "regulariser-missing", "the gradient has that of l2 * sum(W**2)"),
        (with_penalty(lambda p: -squares(p, "W1", "W2")), "regulariser-sign", "the cost subtracts its penalty"),
        (
            with_penalty(lambda p: np.abs(p["W1"]).sum() + squares(p, "W2")),
            "penalty-not-squared",
            "the cost penalises W1 by the sum of absolute values",
        ),
        (
            with_penalty(lambda p: p["W1"].sum() + np.linalg.norm(p["W2"])),
            "penalty-not-squared",
            "the cost penalises W1 by the sum of its entries, W2 by its norm, not squared",
        ),
    ],
)  # fmt: skip
def test_what_is_odd_about_a_cost_is_its_fault_where_the_gradient_is_right_without_it(cost, name, said):
    named, evidence, sure = fault(cost)
    assert (named, sure) == (name, CERTAIN)
    assert said in evidence


@pytest.mark.parametrize(
    ("cost", "repair"),
    [
        (
            with_penalty(lambda p: 0.0),
            "add the penalty, l2 * sum(W**2), to the cost; or take its gradient out",
        ),
        (with_factor(lambda n: n), "divide the sum of the samples' losses by their number N"),
        (with_factor(lambda n: 1 / n), "divide the cost by the number of samples once"),
        (with_penalty(lambda p: -squares(p, "W1", "W2")), "add the penalty to the cost"),
    ],
)
def test_the_repair_is_the_costs(cost, repair):
    assert of_cost(cost).cause.repair.startswith(repair)


def in_a_loop(p, X, Y, lam):
    total = 0.0
    for loss in losses(p, X, Y):
        total += loss / X.shape[1]
        total += lam * squares(p, "W1", "W2")
    return total


def test_a_penalty_inside_the_loop_over_the_samples_is_the_costs_fault_with_its_line():
    cause, mended, line = of_cost(in_a_loop)
    assert (cause.name, cause.sure) == ("regulariser-scaled", CERTAIN)
    assert "once for each sample" in cause.evidence
    assert "after the loop" in cause.repair
    assert mended.penalty == pytest.approx({"W1": 0.1, "W2": 0.1})
    assert line.text.strip() == 'total += lam * squares(p, "W1", "W2")'


def test_half_of_a_penalty_that_the_cost_lacks_is_told():
    def half(p, X, Y, lam):
        return gradient(p, X, Y, lam / 2)

    name, evidence, _ = fault(with_penalty(lambda p: 0.0), half)
    assert name == "regulariser-missing"
    assert "0.5 * l2 * sum(W**2)" in evidence


def test_a_right_cost_has_no_fault():
    assert fault(in_a_loop, wrong=False) is None
    assert fault(cost, wrong=False) is None
    assert fault(cost, halved) is None


def test_an_odd_cost_whose_gradient_is_its_own_has_no_fault():
    def own(p, X, Y, lam):
        return {name: X.shape[1] * g for name, g in gradient(p, X, Y, lam / X.shape[1]).items()}

    assert fault(with_factor(lambda n: n), own, wrong=False) is None


def test_an_odd_cost_is_not_to_blame_for_a_gradient_that_is_wrong_without_it_too():
    assert fault(with_factor(lambda n: n), halved) is None


def scores(p, X):
    h = np.maximum(p["W1"] @ X + p["b1"], 0)
    return h, p["W2"] @ h + p["b2"]


def hinge_of_every_class(p, X, y, lam):
    _, s = scores(p, X)
    margins = np.maximum(0, s - s[y, np.arange(len(y))] + 1)
    return margins.sum() / len(y) + lam * squares(p, "W1", "W2")


def hinge_gradient(p, X, y, lam):
    h, s = scores(p, X)
    G = (s - s[y, np.arange(len(y))] + 1 > 0).astype(float)
    G[y, np.arange(len(y))] = 0
    G[y, np.arange(len(y))] = -G.sum(axis=0)
    G /= len(y)
    d = p["W2"].T @ G * (h > 0)
    return {
        "W1": d @ X.T + 2 * lam * p["W1"], "b1": d.sum(axis=1, keepdims=True),
        "W2": G @ h.T + 2 * lam * p["W2"], "b2": G.sum(axis=1, keepdims=True),
    }  # fmt: skip


def evidence_of_hinge(gradient):
    X, Y, lam = DATA
    return evidence_of(gradient, (X, Y.argmax(axis=0), lam), cost=hinge_of_every_class)


def test_a_hinge_loss_that_counts_the_correct_class_is_found_by_its_value_alone():
    evidence = evidence_of_hinge(hinge_gradient)
    assert evidence[0].checked.verdict == "right"
    cause, mended, _ = fault_of(evidence, wrong=False)
    assert (cause.name, mended.odd) == ("hinge-correct-class", {})
    assert "too large by 1, the margin" in cause.evidence


def test_a_constant_in_the_cost_makes_no_gradient_wrong():
    def halved_hinge(p, X, y, lam):
        return hinge_gradient(p, X, y, lam / 2)

    assert fault_of(evidence_of_hinge(halved_hinge), wrong=True) is None
