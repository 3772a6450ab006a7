"""Answers that must be the same when they are asked for again, at a point that nobody could know."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric import again
from support.plain_nets import SMALL, X, Y, cost, drawn, gradient, squares, twice
from support.points import point_of


def test_every_check_asks_at_other_points_around_the_given_one():
    given = point_of(squares, twice, SMALL)
    asked = [again.ask(given, given.gradient()) for _ in range(2)]
    first, second = (unseen.points[0].arrays for unseen in asked)
    assert not np.allclose(first[0], second[0])
    for unseen in asked:
        drawn_point, middle = unseen.points
        np.testing.assert_allclose(middle.arrays[0], (SMALL["w"] + drawn_point.arrays[0]) / 2)
        assert unseen.costs == [point.cost() for point in unseen.points]
        unseen.require_same()


def test_a_point_is_drawn_nearer_where_the_cost_has_no_value_further_away():
    def logarithm(p):
        if np.abs(p["w"] - SMALL["w"]).max() > 0.05:
            raise ValueError("too far")
        return squares(p)

    given = point_of(logarithm, twice, SMALL)
    unseen = again.ask(given, given.gradient())
    assert np.abs(unseen.points[0].arrays[0] - SMALL["w"]).max() < 0.05
    alone = point_of(lambda p: squares(p) if np.array_equal(p["w"], SMALL["w"]) else np.nan, twice, SMALL)
    with pytest.raises(CheckError, match="the cost: is nan"):
        again.ask(alone, given.gradient())


@pytest.mark.parametrize("limit", [2, 3, 4, 6, 9])
def test_a_gradient_that_counts_its_calls_is_no_right_one(limit):
    calls = [0]

    def counting(*given):
        calls[0] += 1
        return {name: g * (2 - (calls[0] > limit)) for name, g in gradient(*given).items()}

    assert not said_right(cost, counting)


def test_a_cost_that_changes_when_it_has_been_asked_often_is_no_right_one():
    calls = [0]

    def counting(*given):
        calls[0] += 1
        return cost(*given) * (1 + 1e-3 * (calls[0] > 60))

    assert said_right(cost, gradient)
    assert not said_right(counting, gradient)


def said_right(own_cost, own_gradient) -> bool:
    try:
        return check_gradient(own_cost, own_gradient, drawn(), X, Y, 0.1).right
    except CheckError:
        return False


def test_what_differs_is_said():
    state = {"factor": 1.0, "slope": 1.0}
    point = point_of(
        lambda p: state["factor"] * squares(p), lambda p: {"w": p["w"], "v": state["slope"] * p["v"]}, SMALL
    )
    unseen = again.ask(point, point.gradient())
    unseen.require_same()
    state["factor"] = 1 + 1e-6
    with pytest.raises(CheckError, match=r"the cost: was \S+ and is \S+ at the same parameters"):
        unseen.require_same()
    state |= {"factor": 1.0, "slope": 1 + 1e-6}
    with pytest.raises(CheckError, match="the gradient: is another one when it is asked for again"):
        unseen.require_same()
