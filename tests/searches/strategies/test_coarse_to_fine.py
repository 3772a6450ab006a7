"""A fine search in the range that a coarse one leaves."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.searches.dimensions import Choices, Range
from support.searching import L2, trial
from support.strategies import answered, space, strategy


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("around_best", Range(low=1e-4, high=1e-2, log=True)),
        ("best_to_worst", Range(low=1e-5, high=1e-3, log=True)),
    ],
)
def test_the_fine_range_follows_its_rule(rule, expected):
    one = strategy(kind="coarse_to_fine", points=5, fine=4, rule=rule)
    where = space(l2=L2, learning_rate=[0.1, 0.2], batch_size={"low": 10, "high": 50, "integer": True})
    scores = {1e-5: 0.2, 1e-4: 0.4, 1e-3: 0.5, 1e-2: 0.4, 0.1: 0.3}
    coarse = [
        trial(number, values, min(scores.items(), key=lambda each: abs(np.log(each[0] / values["l2"])))[1]
              - (values["learning_rate"] - 0.2) ** 2 - 1e-6 * abs(values["batch_size"] - 50))
        for number, values in enumerate(where.grid(5))
    ]  # fmt: skip
    fine = one.narrowed(where, coarse).dimensions
    assert isinstance(fine["l2"], Range)
    assert (fine["l2"].low, fine["l2"].high) == pytest.approx((expected.low, expected.high))
    assert fine["l2"].log
    assert fine["learning_rate"] == Choices(values=(0.2,))
    size = {"around_best": (40, 50), "best_to_worst": (10, 50)}[rule]
    assert fine["batch_size"] == Range(low=size[0], high=size[1], integer=True)


def test_around_a_best_at_the_end_lies_the_half_inside():
    one = strategy(kind="coarse_to_fine", points=5, fine=4)
    where = space(l2=L2)
    coarse = [trial(number, values, 0.5 - 0.1 * number) for number, values in enumerate(where.grid(5))]
    fine = one.narrowed(where, coarse).dimensions["l2"]
    assert (fine.low, fine.high) == pytest.approx((1e-5, 1e-4))


def test_the_fine_draws_lie_in_the_narrowed_range():
    told = answered(strategy(kind="coarse_to_fine", points=5, fine=30), space(l2=L2))
    fine = [each.values["l2"] for each in told[5:]]
    assert len(fine) == 30
    assert min(fine) >= 1e-4
    assert max(fine) <= 1e-2
