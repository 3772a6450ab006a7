"""Penalties that have two factors, either of which may be meant."""

import pytest

from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.catalogue.penalty import REGULARISER_HALF
from chainrule.gradcheck.diagnosis.evidence import Made
from chainrule.gradcheck.diagnosis.mistakes import Mistake, penalty
from chainrule.gradcheck.diagnosis.penalty_factor import both_sides, may_be_the_costs
from support.diagnosed import evidence_of
from support.plain_nets import gradient, halved

HALF = Mistake(REGULARISER_HALF, "penalty", penalty.times(lambda net: 0.5), "half")
EVERYWHERE, IN_THE_FIRST = Made((HALF,), ((1, 2),)), Made((HALF,), ((1,),))
TURNED = Made((Mistake(WRONG_SIGN, "error", penalty.times(lambda net: 1.0), "turned"),), ((1, 2),))


def half(p, X, Y, lam):
    return gradient(p, X, Y, lam / 2)


@pytest.mark.parametrize(
    ("bug", "made", "either"),
    [
        (REGULARISER_HALF, EVERYWHERE, True),
        (REGULARISER_HALF, IN_THE_FIRST, False),
        (REGULARISER_HALF, None, True),
        (WRONG_SIGN, TURNED, False),
    ],
)
def test_a_factor_in_all_layers_may_be_the_costs(bug, made, either):
    reading = evidence_of(half)[0].reading
    assert may_be_the_costs([bug.cause(["W1"], 0.9, "")], made, reading) is either


def test_without_a_cause_nothing_is_the_costs():
    assert not may_be_the_costs([], None, None)


def test_both_sides_are_said_where_they_are_one_factor_each():
    said = ": the cost has 0.1 * sum(W**2), the gradient that of 0.05 * sum(W**2)"
    assert both_sides(EVERYWHERE, evidence_of(half)[0]) == said
    assert both_sides(IN_THE_FIRST, evidence_of(halved)[0]) == ""
    assert both_sides(TURNED, evidence_of(half)[0]) == ""
