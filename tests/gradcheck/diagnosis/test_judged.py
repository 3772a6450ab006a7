"""Verdicts, from the points at which a gradient was compared."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.diagnosis import guarded_log
from chainrule.gradcheck.diagnosis.diagnose import ALL, case_of
from chainrule.gradcheck.diagnosis.judged import judged
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.plain_nets import SMALL, X, Y, cost, drawn, forward, gradient, halved, squares, twice
from support.points import point_of


def checked(own, data=(X, Y, 0.1), own_cost=cost, parameters=None, words=""):
    point = point_of(own_cost, own, parameters or drawn(), data)
    return compare_at(point, np.random.default_rng(0), words)


def verdict(*points):
    rng = np.random.default_rng(0)
    return judged(case_of(points, rng), rng, ALL)


def test_a_point_that_is_wrong_decides_and_is_shown():
    right, wrong = checked(halved, (X, Y, 0.0)), checked(halved, words="l2 of 0.1")
    assert verdict(right).verdict == "right"
    both = verdict(right, wrong)
    assert (both.verdict, both.shown.words) == ("wrong", "l2 of 0.1")
    assert both.tensors[0].verdict == "wrong"
    assert verdict(wrong, right).shown.words == "l2 of 0.1"


def test_a_small_difference_is_suspect_where_it_is_exact():
    off = verdict(checked(lambda p, *d: {n: (1 + 1e-6) * a for n, a in gradient(p, *d).items()}))
    assert off.verdict == "suspect"
    assert "small but real" in off.remainder[0]


@pytest.mark.parametrize("watched", [True, False])
def test_a_small_number_in_the_logarithm_makes_no_gradient_wrong(monkeypatch, watched):
    def guarded(p, X, Y, lam):
        _, P = forward(p, X)
        return -np.log((Y * P).sum(axis=0) + 1e-6).mean() + cost(p, X, Y, lam) - cost(p, X, Y, 0.0)

    if not watched:
        monkeypatch.setattr(guarded_log, "watched_values", lambda *_: [])
    fewer = X[:, :4], Y[:, :4], 0.1
    outcome = verdict(checked(gradient, own_cost=guarded), checked(gradient, fewer, guarded))
    assert (outcome.verdict, outcome.diagnosis.fault, outcome.diagnosis.causes) == ("right", None, [])
    assert {tensor.verdict for tensor in outcome.tensors} == {"right"}
    assert outcome.meant.words.startswith("the cost adds 1e-06 inside its logarithm, by which it differs")
    assert callable(outcome.meant.cost) == watched
    assert verdict(checked(halved, own_cost=guarded)).meant is None


def test_a_cost_that_stays_as_it_is_is_refused():
    still = checked(
        lambda p: {n: 0 * a for n, a in p.items()}, (), lambda p: float(5.0 + 0 * squares(p)), SMALL
    )
    with pytest.raises(CheckError, match="less than its rounding"):
        verdict(still).refuse_flat()
    verdict(checked(twice, (), squares, SMALL)).refuse_flat()
