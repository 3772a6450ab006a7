"""A gradient is judged once, whoever asks; where it is right, in few runs beside those at the given point."""

import numpy as np

from chainrule.gradcheck.diagnosis.diagnose import Terms
from chainrule.gradcheck.diagnosis.judgement import KeptJudgement, judgement
from support.points import point_of

X = np.random.default_rng(0).normal(size=(10, 8))


def judged(gradient, kept, runs):
    def cost(p):
        runs.append(1)
        return np.sum(np.abs(p["x"]) ** 3)

    at = point_of(cost, gradient, {"x": X})
    return judgement(at, at.gradient(), np.random.default_rng(0), Terms(explained=False), kept)


def right(p):
    return {"x": 3 * p["x"] * np.abs(p["x"])}


def wrong(p):
    return {"x": p["x"] * np.abs(p["x"])}


def wrong_elsewhere(p):
    return {"x": 3 * p["x"] * np.abs(X)}


def test_what_is_judged_is_kept():
    kept, runs = KeptJudgement(), []
    first = judged(wrong, kept, runs)
    before = len(runs)
    again = judged(wrong, kept, runs)
    assert first.outcome.verdict == "wrong"
    assert again is first
    # The gradient alone, which comes behind a run of the cost.
    assert len(runs) - before <= 1


def test_where_it_is_right_other_points_take_a_glance():
    runs = []
    assert judged(right, KeptJudgement(), runs).outcome.verdict == "right"
    assert len(runs) < 2 * X.size + 200


def test_what_is_wrong_elsewhere_alone_is_compared_entry_by_entry_there():
    found = judged(wrong_elsewhere, KeptJudgement(), [])
    assert found.outcome.verdict == "wrong"
    assert [tensor.checked for tensor in found.outcome.tensors] == [X.size]
