"""The user's own numeric gradient."""

import copy
from functools import partial

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from support.plain_nets import (
    SMALL,
    X,
    Y,
    cost,
    drawn,
    gradient,
    halved,
    named,
    numeric_gradient,
    squares,
    twice,
    verdicts,
)


def differences_of(p, quotient):
    found = {}
    for name, array in p.items():
        found[name] = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            found[name][index] = quotient(p, name, index)
    return found


def doubled_numeric(p, X, Y, lam):
    found, h = copy.deepcopy(p), 1e-5
    for name, array in p.items():
        for index in np.ndindex(array.shape):
            up, down = copy.deepcopy(p), copy.deepcopy(p)
            up[name][index] += h
            down[name][index] -= h
            found[name][index] = (cost(up, X, Y, lam) - cost(down, X, Y, lam)) / h
    return found


def aliased_numeric(p, X, Y, lam):
    h = 1e-5

    def quotient(p, name, index):
        up = p
        up[name][index] += h
        difference = cost(up, X, Y, lam) - cost(p, X, Y, lam)
        up[name][index] -= h
        return difference / h

    return differences_of(p, quotient)


def undone_numeric(p, X, Y, lam):
    h = 1e-4

    def quotient(p, name, index):
        before = cost(p, X, Y, lam)
        p[name][index] += h
        return (cost(p, X, Y, lam) - before) / h

    return differences_of(p, quotient)


def drifting_numeric(p, X, Y, lam):
    h, moved = 1e-5, copy.deepcopy(p)
    before = cost(p, X, Y, lam)

    def quotient(p, name, index):
        moved[name][index] += h
        return (cost(moved, X, Y, lam) - before) / h

    return differences_of(p, quotient)


def coarse_numeric(p, X, Y, lam, h=0.3):
    def quotient(p, name, index):
        up = copy.deepcopy(p)
        up[name][index] += h
        return (cost(up, X, Y, lam) - cost(p, X, Y, lam)) / h

    return differences_of(p, quotient)


def vanishing_numeric(p, X, Y, lam):
    return coarse_numeric(p, X, Y, lam, h=1e-20)


@pytest.mark.parametrize(
    ("numeric", "causes", "line"),
    [
        (
            doubled_numeric,
            ["wrong-step"],
            "found[name][index] = (cost(up, X, Y, lam) - cost(down, X, Y, lam)) / h",
        ),
        (aliased_numeric, ["check-aliased", "wrong-step"], None),
        (undone_numeric, ["perturbation-not-undone"], None),
        (drifting_numeric, ["perturbation-not-undone"], None),
        (vanishing_numeric, ["check-aliased", "wrong-step"], None),
        (coarse_numeric, ["wrong-step"], "def coarse_numeric(p, X, Y, lam, h=0.3):"),
    ],
    ids=["factor 2", "aliased", "not undone", "drifting", "vanishing", "coarse"],
)
def test_a_wrong_numeric_gradient_is_named(numeric, causes, line):
    p = drawn()
    outcome = check_gradient(cost, gradient, p, X, Y, 0.1, numeric=numeric)
    assert (outcome.verdict, outcome.fault) == ("wrong", "numeric check")
    assert named(outcome) == causes
    assert set(verdicts(outcome).values()) == {"right"}
    if line is not None:
        assert outcome.causes[0].line.text.strip() == line
    assert all(np.array_equal(p[name], array) for name, array in drawn().items())


def test_a_numeric_gradient_in_which_moved_entries_stay_moved_is_named():
    x = {"x": np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])}

    def drifting(p):
        moved, found, before = p["x"].copy(), np.zeros(6), squares(p)
        for i in range(6):
            moved[i] += 1e-6
            found[i] = (squares({"x": moved}) - before) / 1e-6
        return {"x": found}

    assert named(check_gradient(squares, twice, x, numeric=drifting)) == ["perturbation-not-undone"]


def test_a_wrong_numeric_gradient_of_single_numbers_is_one_of_a_wrong_step():
    single = {"w": np.array([0.5]), "v": np.array([[2.0]])}
    outcome = check_gradient(squares, twice, single, numeric=lambda p: {name: 6 * a for name, a in p.items()})
    assert named(outcome) == ["wrong-step"]
    assert "3 x the derivative" in outcome.causes[0].evidence


def test_half_a_numeric_gradient_is_from_moved_parameters_or_divided_by_two_steps():
    outcome = check_gradient(squares, twice, SMALL, numeric=dict)
    assert named(outcome) == ["check-aliased", "wrong-step"]
    assert len(outcome.tied) == 2


@pytest.mark.parametrize("h", [1e-3, 1e-5, 1e-7])
def test_a_right_numeric_gradient_is_right_though_it_is_rough(h):
    assert check_gradient(cost, gradient, drawn(), X, Y, 0.1, numeric=partial(numeric_gradient, h=h)).right


def test_a_wrong_gradient_and_a_wrong_numeric_one_are_both_named():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.1, numeric=doubled_numeric)
    assert (outcome.fault, named(outcome)) == ("gradient", ["regulariser-half", "wrong-step"])


def test_a_numeric_gradient_that_is_right_at_the_given_point_is_not_asked_for_again():
    calls = []

    def numeric(p):
        calls.append(p)
        return twice(p)

    assert check_gradient(squares, twice, SMALL, numeric=numeric).right
    # Once to find out in which order it takes its arguments, and once to compare it.
    assert len(calls) == 2
