"""Claims on quantities over made-up seeds, with their three outcomes."""

from __future__ import annotations

import pytest

from chainrule.experiments.claims.base import Measured
from chainrule.experiments.claims.means import About, Equivalent, GainsMore, Insignificant, Ordered
from support.members import made_member, made_row

QUANTITY = "test_accuracy"


def rows(**accuracies: tuple[float | None, ...]) -> Measured:
    return Measured({name: made_row(*values) for name, values in accuracies.items()})


@pytest.mark.parametrize(
    ("a", "b", "held"),
    [
        ((0.30, 0.31, 0.32), (0.20, 0.21, 0.23), True),
        ((0.20, 0.21, 0.23), (0.30, 0.31, 0.32), False),
        ((0.30, 0.31, 0.32), (0.31, 0.30, 0.30), None),
        ((0.30, 0.40, 0.50), (0.29, 0.391, 0.492), True),
        ((0.3, 0.3, 0.3), (0.3, 0.3, 0.3), False),
        ((0.3,), (0.2,), True),
        ((0.3, 0.2), (0.29, 0.22), False),
        ((0.3, None, 0.3), (0.2, 0.2, 0.2), None),
    ],
)
def test_ordered(a, b, held):
    higher = Ordered(text="t", predicate="higher", quantity=QUANTITY, row="a", than="b")
    lower = Ordered(text="t", predicate="lower", quantity=QUANTITY, row="b", than="a")
    assert higher.decide(rows(a=a, b=b)).held is held
    assert lower.decide(rows(a=a, b=b)).held is held


def test_the_evidence_of_an_order_is_a_probability_with_its_interval():
    claim = Ordered(text="t", predicate="lower", quantity=QUANTITY, row="a", than="b")
    told = claim.decide(rows(a=(0.30, 0.31, 0.32), b=(0.31, 0.30, 0.40))).evidence
    assert told == "test_accuracy 0.3100 against 0.3367: lower with probability 0.71 [0.23, 0.96]"
    few = claim.decide(rows(a=(0.3,), b=(0.4,))).evidence
    assert few == "test_accuracy 0.3000 against 0.4000; under 3 runs the means alone decide"
    still = claim.decide(rows(a=(0.25, 0.25, 0.25), b=(0.5, 0.5, 0.5))).evidence
    assert still == "test_accuracy 0.2500 against 0.5000: lower with probability 1, the runs do not vary"


def test_best_scores_of_searches():
    claim = Ordered(text="t", predicate="higher", quantity="val_accuracy", row="fine", than="coarse")
    assert claim.of_searches
    assert claim.decide(Measured({}, {"coarse": [0.5, 0.5], "fine": [0.49, 0.52]})).held
    assert claim.decide(Measured({}, {"coarse": [0.5, 0.51, 0.5], "fine": [0.6, 0.62, 0.61]})).held
    assert claim.decide(Measured({}, {"coarse": [0.5, 0.51, 0.5], "fine": [0.6, 0.4, 0.61]})).held is None
    assert not Ordered(text="t", predicate="higher", quantity=QUANTITY, row="fine", than="coarse").of_searches


def test_a_search_and_a_row_have_runs_of_their_own():
    claim = Ordered(text="t", predicate="higher", quantity="val_accuracy", row="a", than="s")
    row = [made_member(val_accuracy=value) for value in (0.50, 0.51, 0.52, 0.53, 0.54)]
    assert claim.decide(Measured({"a": row}, {"s": [0.4, 0.41, 0.42]})).held


@pytest.mark.parametrize(
    ("b", "held"),
    [
        ((0.301, 0.309, 0.321), True),
        ((0.40, 0.41, 0.42), False),
        ((0.31, 0.30, 0.35), None),
        ((0.3, 0.3, None), None),
    ],
)
def test_equivalent(b, held):
    claim = Equivalent(text="t", predicate="equivalent", quantity=QUANTITY, row="a", to="b", margin=0.02)
    assert claim.decide(rows(a=(0.30, 0.31, 0.32), b=b)).held is held


def test_the_evidence_of_equivalence_is_the_90_percent_interval():
    claim = Equivalent(text="t", predicate="equivalent", quantity=QUANTITY, row="a", to="b", margin=0.02)
    told = claim.decide(rows(a=(0.30, 0.31, 0.33), b=(0.3, 0.3, 0.3))).evidence
    assert (
        told == "test_accuracy 0.3133 against 0.3000: a difference of 0.0133 [-0.0124, 0.0391], 0.02 allowed"
    )


@pytest.mark.parametrize(
    ("a", "b", "held"),
    [
        ((0.50, 0.501, 0.499), (0.51, 0.511, 0.509), True),
        ((0.50, 0.501, 0.499), (0.60, 0.601, 0.599), False),
        ((0.50, 0.501, 0.499), (0.50, 0.55, 0.49), None),
        ((0.60, 0.601, 0.599), (0.50, 0.55, 0.49), False),
        ((0.5,), (0.51,), True),
        ((0.5, None), (0.5, 0.5), None),
    ],
)
def test_about(a, b, held):
    claim = About(text="t", predicate="about", quantity=QUANTITY, rows=("a", "b"), value=0.5, margin=0.02)
    assert claim.decide(rows(a=a, b=b)).held is held


@pytest.mark.parametrize(
    ("a", "held"),
    [
        ((0.31, 0.29, 0.32), True),
        ((0.40, 0.41, 0.42), False),
        ((0.20, 0.21, 0.22), False),
        ((0.30, 0.30, 0.30), True),
        ((0.40, 0.41), None),
        ((0.40, None, 0.41), None),
    ],
)
def test_insignificant(a, held):
    claim = Insignificant(text="t", predicate="insignificant", quantity=QUANTITY, row="a", over="b")
    decision = claim.decide(rows(a=a, b=(0.3, 0.3, 0.301)[: len(a)]))
    assert decision.held is held


def test_gains_more_is_decided_seed_by_seed():
    claim = GainsMore(
        text="t", predicate="gains_more", quantity=QUANTITY, row="a", base="b", than="c", than_base="d"
    )
    base = {"b": (0.1, 0.2, 0.3), "d": (0.1, 0.2, 0.3)}
    assert claim.decide(rows(a=(0.5, 0.6, 0.71), c=(0.2, 0.3, 0.4), **base)).held
    assert claim.decide(rows(a=(0.2, 0.3, 0.41), c=(0.5, 0.6, 0.7), **base)).held is False
    assert claim.decide(rows(a=(0.2, 0.6, 0.41), c=(0.2, 0.3, 0.5), **base)).held is None
    assert claim.decide(rows(a=(0.5,), b=(0.4,), c=(0.5,), d=(0.45,))).held
    assert claim.decide(rows(a=(0.5, None), b=(0.4, 0.4), c=(0.5, 0.5), d=(0.4, 0.4))).held is None
    assert not claim.of_searches
