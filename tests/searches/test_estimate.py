"""Plans before the search: what will train, and for how long."""

from __future__ import annotations

import pytest

from chainrule.searches.estimate import estimate
from chainrule.searches.search import read_search
from chainrule.work.executors import InProcess
from support.searching import L2, document


def planned(digits, strategy, space=None, **settings):
    search = read_search(document(space or {"l2": L2}, strategy, **settings))
    return estimate(search, digits, 0, InProcess())


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ({"kind": "grid", "points": 5, "inits": 2}, [(5, 10, 0, 9), (1, 2, 0, 9)]),
        ({"kind": "random", "trials": 7, "inits": 1}, [(7, 7, 0, 9), (1, 1, 0, 9)]),
        ({"kind": "coarse_to_fine", "points": 2, "fine": 3, "inits": 1}, [(2, 2, 0, 9), (3, 3, 0, 9), (1, 1, 0, 9)]),
        ({"kind": "tpe", "trials": 7, "batch": 3, "startup": 2, "inits": 1},
         [(2, 2, 0, 9), (3, 3, 0, 9), (2, 2, 0, 9), (1, 1, 0, 9)]),
        ({"kind": "halving", "trials": 9, "inits": 1}, [(9, 9, 0, 1), (3, 3, 1, 3), (1, 1, 3, 9), (1, 1, 0, 9)]),
    ],
    ids=lambda one: one["kind"] if isinstance(one, dict) else "",
)  # fmt: skip
def test_stages(digits, strategy, expected):
    plan = planned(digits, strategy, epochs=9)
    assert [(one.trials, one.nets, one.start, one.end) for one in plan.stages] == expected
    assert all(sum(one.populations) == one.nets for one in plan.stages)
    assert plan.seconds > 0
    assert plan.worker_bytes > 1e7
    assert any("the winner once more" in line for line in plan.lines)


def test_trials_that_cannot_share_a_population_get_their_own(digits):
    together = planned(digits, {"kind": "grid", "inits": 1}, {"l2": [0.0, 0.1, 0.2]})
    apart = planned(digits, {"kind": "grid", "inits": 1}, {"batch_size": [10, 20, 40]})
    assert together.stages[0].populations == [3]
    assert apart.stages[0].populations == [1, 1, 1]


def test_more_epochs_take_longer(digits):
    few, many = (planned(digits, {"kind": "grid", "inits": 1, "points": 2}, epochs=n) for n in (1, 100_000))
    assert many.seconds > few.seconds
    assert "h in one process" in many.lines[-2] or "min in one process" in many.lines[-2]
