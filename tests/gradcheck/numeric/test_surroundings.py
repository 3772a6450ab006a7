"""Mistakes that the given point hides, found at other points."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from support.plain_nets import ONE, N, X, Y, cost, drawn, gradient, halved, named, one_layer_cost


def test_a_regulariser_hidden_by_l2_of_0_is_found():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.0)
    assert outcome.verdict == "wrong"
    assert named(outcome)[0] == "regulariser-half"
    assert any("right at the given point; wrong with" in note for note in outcome.notes)


def test_a_hard_wired_batch_size_hidden_by_the_given_batch_is_found():
    def fixed(p, X, Y):
        e = np.exp(p["W"] @ X + p["b"])
        G = (e / e.sum(axis=0) - Y) / 7
        return {"W": G @ X.T, "b": G.sum(axis=1, keepdims=True)}

    outcome = check_gradient(one_layer_cost, fixed, ONE, X, Y)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["hard-wired-batch-size"])
    assert "divided by 7" in outcome.causes[0].evidence
    assert outcome.causes[0].line.text.strip() == "G = (e / e.sum(axis=0) - Y) / 7"


def test_a_bias_penalty_hidden_by_a_bias_of_0_is_found():
    def penalised(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return g | {"b1": g["b1"] + 2 * lam * p["b1"]}

    p = drawn()
    p["b1"][:] = 0
    outcome = check_gradient(cost, penalised, p, X, Y, 0.1)
    assert (outcome.verdict, named(outcome)[0]) == ("wrong", "bias-regularised")


@pytest.mark.parametrize(("given", "other"), [(0.0, 0.1), (0.3, 0.0)])
def test_the_given_parameters_are_tried_with_another_l2(given, other):
    seen = set()

    def watched(p, X, Y, lam):
        seen.add((lam, X.shape[1], np.array_equal(p["W1"], drawn()["W1"])))
        return gradient(p, X, Y, lam)

    check_gradient(cost, watched, drawn(), X, Y, given)
    moved = given or 0.1
    # With the given l2 at parameters that nobody could know, too.
    assert seen == {
        (given, N, True), (other, N, True), (moved, N, False), (moved, 3, False), (given, N, False)
    }  # fmt: skip


def test_what_could_not_be_tried_is_said():
    def of_this_size(p, X, Y, lam):
        if X.shape[1] != N:
            raise ValueError("a batch of 7, please")
        return gradient(p, X, Y, lam)

    outcome = check_gradient(cost, of_this_size, drawn(), X, Y, 0.1)
    assert outcome.right
    assert "not tried with 3 samples: ValueError: a batch of 7, please" in outcome.notes
