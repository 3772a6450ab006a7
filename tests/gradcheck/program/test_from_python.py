"""A check as it is called from Python: beside other threads, and with a short traceback."""

from __future__ import annotations

import cProfile
import linecache
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck import assert_gradient, check_gradient, check_layer
from support.plain_nets import (
    SMALL,
    X,
    Y,
    cost,
    drawn,
    halved,
    named,
    numeric_gradient,
    squares,
    twice,
)


def lines_of(error: BaseException) -> list[str]:
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def minus(p):
    return {name: -2 * a for name, a in p.items()}


def numeric(p):
    return numeric_gradient(p, X, Y, 0.0, cost=lambda p, X, Y, lam: squares(p))


def breaking(p):
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("call", "raised", "behind"),
    [
        (lambda: assert_gradient(squares, minus, SMALL), AssertionError, []),
        (lambda: check_gradient(squares, twice, {"W": [1]}), CheckError, []),
        (lambda: check_gradient(squares, breaking, SMALL), ZeroDivisionError, ["breaking"]),
        (lambda: check_layer(breaking, breaking, SMALL["w"]), ZeroDivisionError, ["breaking"]),
    ],
    ids=["assertion", "refusal", "the user's error", "a layer's"],
)
def test_a_traceback_shows_the_users_lines_alone(call, raised, behind):
    with pytest.raises(raised) as failed:
        call()
    here, called, *rest = lines_of(failed.value)
    assert (here, called, rest) == (
        "test_a_traceback_shows_the_users_lines_alone",
        "<lambda>",
        behind,
    )


def test_what_an_error_came_of_is_as_short():
    def energy(a, b):
        return a["W"]["none"]

    with pytest.raises(CheckError) as failed:
        check_gradient(energy, lambda a, b: a, drawn(), X)
    assert lines_of(failed.value.__cause__) == ["energy"]


def test_all_of_it_is_shown_where_it_is_asked_for(monkeypatch):
    monkeypatch.setenv("CHAINRULE_TRACEBACK", "1")
    with pytest.raises(AssertionError) as failed:
        assert_gradient(squares, minus, SMALL)
    assert lines_of(failed.value)[1:] == ["assert_gradient"]


def test_checks_in_several_threads_come_one_after_the_other():
    begun, go_on, costs = threading.Event(), threading.Event(), []

    def waiting(p):
        begun.set()
        go_on.wait(60)
        return squares(p)

    def noted(p):
        costs.append(p)
        return squares(p)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(check_gradient, waiting, twice, SMALL)
        assert begun.wait(60)
        second = threads.submit(check_gradient, noted, twice, SMALL)
        not_done, before = wait([second], timeout=0.05).not_done, list(costs)
        go_on.set()
        assert (not_done, before) == ({second}, [])
        assert first.result().right
        assert second.result().right


@contextmanager
def profiled_by_a_function(events):
    sys.setprofile(lambda frame, event, argument: events.append(frame.f_code))
    try:
        yield
    finally:
        events.append(sys.getprofile())
        sys.setprofile(None)


@contextmanager
def profiled_by_cprofile(events):
    with cProfile.Profile() as profile:
        yield
        events.append(sys.getprofile())
    events += [entry.code for entry in profile.getstats()]


@contextmanager
def traced(events):
    before = sys.gettrace()
    sys.settrace(lambda frame, event, argument: events.append(frame.f_code))
    try:
        yield
    finally:
        events.append(sys.gettrace())
        sys.settrace(before)


@pytest.mark.parametrize("watched", [profiled_by_a_function, profiled_by_cprofile, traced])
def test_whoever_watches_a_check_goes_on_and_the_outcome_is_the_same(watched):
    alone = check_gradient(squares, numeric, SMALL)
    events = []
    with watched(events):
        here = sys.getprofile(), sys.gettrace()
        beside = check_gradient(squares, numeric, SMALL)
        assert (sys.getprofile(), sys.gettrace()) == here
        squares(SMALL)
    assert replace(beside, causes=()) == replace(alone, causes=())
    assert named(beside) == named(alone) == ["numeric-difference"]
    assert "calls the cost 6 times" in beside.causes[0].evidence
    assert squares.__code__ in events


def test_nothing_is_left_among_the_users_names():
    names = set(halved.__globals__)
    assert check_gradient(cost, halved, drawn(), X, Y, 0.1).causes[0].line is not None
    assert set(halved.__globals__) == names
    assert linecache.getline(halved.__code__.co_filename, 1)
