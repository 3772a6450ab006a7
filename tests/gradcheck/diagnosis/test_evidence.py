"""A gradient held against those that mistakes made on purpose give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck.catalogue.penalty import REGULARISER_HALF
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis.evidence import (
    CERTAIN,
    LIKELY,
    NO_IDEA,
    PLAUSIBLE,
    Made,
    explains,
    is_right,
    multiple,
    predicted,
    same,
)
from chainrule.gradcheck.diagnosis.mistakes import Mistake, NotHere, penalty
from support.diagnosed import evidence_of
from support.plain_nets import gradient, halved

HALF = Mistake(REGULARISER_HALF, "penalty", penalty.times(lambda net: 0.5), "half of it")
NOTHING = Mistake(UNKNOWN, "bias", lambda net, at: 0 * at.G.sum(axis=0), "no bias")
V = np.array([3.0, -4.0])


def impossible(net, at):
    raise NotHere


def test_the_derivation_done_right_gives_a_right_gradient():
    (evidence,) = evidence_of(gradient)
    for g, own in zip(predicted(evidence, {}), evidence.checked.analytic, strict=True):
        np.testing.assert_allclose(g, own, atol=1e-12)
    assert is_right(evidence)


def test_a_mistake_made_on_purpose_gives_the_gradient_of_that_mistake_alone():
    (evidence,) = evidence_of(halved)
    assert not is_right(evidence)
    assert explains(Made((HALF,), ((1,),)).steps(), evidence)
    assert not explains(Made((HALF,), ((2,),)).steps(), evidence)
    assert not explains(Made((HALF,), ((1, 2),)).steps(), evidence)


@pytest.mark.parametrize("step", [impossible, lambda net, at: at.no_such_value, lambda net, at: [][0]])
def test_a_mistake_that_cannot_be_made_predicts_and_explains_nothing(step):
    (evidence,) = evidence_of(gradient)
    assert predicted(evidence, {("error", 2): step}) is None
    assert not explains({("error", 2): step}, evidence)


def test_the_net_of_an_evidence_has_the_penalty_that_was_read():
    (evidence,) = evidence_of(gradient)
    net = evidence.net()
    assert (net.penalty, net.l2) == ({"W1": pytest.approx(0.1), "W2": pytest.approx(0.1)}, 0.1)


def test_two_mistakes_change_each_its_own_layers():
    both = Made((HALF,), ((1, 2),)).also(Made((NOTHING,), ((2,),)))
    assert both.mistakes == (HALF, NOTHING)
    assert both.steps() == {
        ("penalty", 1): HALF.function, ("penalty", 2): HALF.function, ("bias", 2): NOTHING.function,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (V, V, True),
        (V, V * (1 + 1e-9), True),
        (V, V * (1 + 1e-7), False),
        (V.astype(np.float32), V * (1 + 1e-5), True),
        (V, (V * (1 + 1e-5)).astype(np.float32), True),
        (V.astype(np.float32), V * (1 + 1e-3), False),
        (0 * V, 0 * V, True),
        (0 * V, V, False),
        (0 * V, 1e-14 * V, True),
        (V, -V, False),
        (V, np.array([np.nan, 1.0]), False),
    ],
)
def test_gradients_are_the_same_but_for_rounding(a, b, equal):
    assert same(a, b) is same(b, a) is equal


@given(st.floats(-1e6, 1e6).filter(lambda k: abs(k) > 1e-6))
def test_the_factor_between_two_gradients_is_found(k):
    assert multiple(k * V, V) == pytest.approx(k)


@pytest.mark.parametrize(
    ("a", "b", "k"),
    [(V, 0 * V, None), (0 * V, V, 0.0), (V, V[::-1].copy(), None), (V, np.array([3.0, -4.001]), None)],
)
def test_there_is_no_factor_where_the_directions_differ(a, b, k):
    assert multiple(a, b) == k


def test_what_was_held_against_more_is_surer():
    assert 1 > CERTAIN > LIKELY > PLAUSIBLE > NO_IDEA > 0


def test_two_mistakes_are_parted_by_their_bugs():
    made = Made((HALF, NOTHING, HALF), ((1,), (2,), (3,)))
    assert made.parted(HALF.bug.name) == (Made((HALF, HALF), ((1,), (3,))), Made((NOTHING,), ((2,),)))
