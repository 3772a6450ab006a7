"""Progress as plain lines, and when a bar ends."""

from __future__ import annotations

import pytest

from chainrule.cli.progress import ProgressLines, ends


@pytest.fixture
def said(monkeypatch, capsys):
    """What is said at these seconds of what was told then: done, and seconds left where they are known."""

    def lines(seconds, told):
        now = iter([0.0, *seconds])
        monkeypatch.setattr("chainrule.cli.progress.time.monotonic", lambda: next(now))
        show = ProgressLines("nets")
        for done, left_s in told:
            show(done, 100, left_s)
        return capsys.readouterr().err.splitlines()

    return lines


def test_lines_are_at_least_ten_seconds_apart_at_the_end_too(said):
    told = [(0, None), (20, None), (40, None), (80, None), (100, None)]
    assert said([0, 9, 20, 29, 35], told) == ["nets: 40%, 30 s left", "nets: 100%"]


def test_what_is_done_in_ten_seconds_says_nothing(said):
    assert said([0, 4, 9], [(0, None), (50, None), (100, None)]) == []


def test_seconds_left_that_are_known_count_more_than_the_speed_so_far(said):
    assert said([0, 10], [(0, None), (50, 47.0)]) == ["nets: 50%, 47 s left"]


def test_a_bar_ends_so_many_seconds_from_now(monkeypatch):
    monkeypatch.setattr("chainrule.cli.progress.time.monotonic", lambda: 100.0)
    assert ends(None) is None
    assert ends(7.0) == 107.0
