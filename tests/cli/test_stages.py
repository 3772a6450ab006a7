"""One bar over work and what comes after it."""

from __future__ import annotations

from chainrule.cli.stages import Stages


def shares(seconds, rest_s, work, rest=()):
    shown = []
    clock = iter(seconds)
    stages = Stages(lambda done, total: shown.append(done / total), rest_s, lambda: next(clock))
    for done, total in work:
        stages.work(done, total)
    for share in rest:
        stages.rest(share)
    return shown


def test_work_and_rest_fill_the_bar_as_they_take_time():
    work = [(0, 8), (2, 8), (5, 8), (8, 8)]
    assert shares([0, 3, 6, 9], 4, work, [0.6, 1]) == [0, 0, 0.462, 0.692, 0.877, 1]


def test_getting_ready_tells_nothing_of_the_speed():
    # Ten seconds of a compilation, then a tenth of the work a second.
    shown = shares([0, 10, 11, 12], 0, [(0, 10), (1, 10), (2, 10), (3, 10)])
    assert shown[1:] == [0, round(11 / 19, 3), round(12 / 19, 3)]


def test_it_never_goes_back_where_the_work_slows_down():
    shown = shares([0, 1, 2, 30, 40], 5, [(0, 10), (5, 10), (6, 10), (6, 10), (10, 10)])
    assert shown == sorted(shown)
    assert shown[-1] < 1


def test_the_bar_begins_at_what_was_done_before_which_is_no_sign_of_speed():
    work = [(80, 100), (85, 100), (90, 100), (100, 100)]
    assert shares([0, 2, 4, 8], 0, work) == [0.8, 0.8, 0.9, 1]


def test_where_nothing_is_left_to_do_the_rest_is_all():
    assert shares([0], 4, [(10, 10)], [0.5, 1]) == [0, 0.5, 1]
