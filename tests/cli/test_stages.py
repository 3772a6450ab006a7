"""One bar over work and what comes after it."""

from __future__ import annotations

import itertools

import pytest

from chainrule.cli.stages import Stages


def told(seconds, rest_s, work, rest=(), slow=None):
    """Shares shown, and seconds left."""
    shown = []
    clock, looks = iter(seconds), iter(slow or itertools.repeat(1.0))
    stages = Stages(
        lambda done, total, left_s=None: shown.append((done / total, left_s)),
        rest_s,
        lambda: next(looks),
        lambda: next(clock),
    )
    for done, total in work:
        stages.work(done, total)
    for done, total in rest:
        stages.rest(done, total)
    return [share for share, _ in shown], [left_s for _, left_s in shown]


def test_work_and_rest_fill_the_bar_as_they_take_time():
    shares, left = told([0, 3, 6, 6, 8, 10], 4, [(0, 8), (4, 8), (8, 8)], [(0, 2), (1, 2), (2, 2)])
    assert shares == [0, 0.3, 0.6, 0.6, 0.8, 1]
    assert left == [None, 7, 4, 4, pytest.approx(2), 0]


def test_the_bar_never_goes_back_where_the_work_slows_down_and_the_time_left_says_so():
    shares, left = told([0, 1, 2, 30, 40], 5, [(0, 10), (5, 10), (6, 10), (6, 10), (10, 10)])
    assert shares == sorted(shares)
    assert shares[-1] < 1
    assert left[1:4] == [6, pytest.approx(2 * 4 / 6 + 5), 25]


def test_the_bar_begins_at_what_was_done_before_which_is_no_sign_of_speed():
    assert told([0, 2, 4], 0, [(80, 100), (90, 100), (100, 100)])[0] == [0.8, 0.9, 1]


def test_where_nothing_is_left_to_do_the_rest_is_all():
    assert told([0, 0, 2, 4], 4, [(10, 10)], [(0, 2), (1, 2), (2, 2)])[0] == [0, 0, 0.5, 1]


def test_the_rest_is_foreseen_as_slow_as_the_machine_was_during_the_work():
    _, left = told([0, 10, 20], 2, [(0, 8), (4, 8), (8, 8)], slow=[3.0, 5.0, 7.0])
    assert left == [None, 10 + 2 * 4, 2 * 5]


def test_a_rest_that_is_slower_than_foreseen_is_said_to_take_longer():
    _, left = told([0, 10, 10, 30], 4, [(0, 8), (8, 8)], [(0, 2), (1, 2)])
    assert left[2] == 4
    assert left[3] == pytest.approx((20 + 0.2 * 4) / 0.7 - 20)
