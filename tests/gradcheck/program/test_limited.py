"""What takes too long is stopped, once for all that is run within."""

from __future__ import annotations

import signal
import sys
import threading
import time

import pytest

from chainrule.gradcheck.program import limited
from chainrule.gradcheck.program.limited import OutOfTimeError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a timer of processor time")


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(limited, "MOST_SECONDS", 0.05)


def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_one_after_the_other_is_stopped_and_what_comes_later_is_not():
    before = signal.getsignal(signal.SIGPROF)
    with limited.limited():
        for _ in range(2):
            with pytest.raises(OutOfTimeError, match=r"^it takes more than 0.05 s$"):
                spin(10)
    assert signal.getsignal(signal.SIGPROF) == before
    spin(0.2)


def test_what_is_limited_within_takes_of_the_same_time():
    def again(times):
        for _ in range(times):
            with limited.limited():
                spin(0.01)

    with limited.limited(), pytest.raises(OutOfTimeError):
        again(100)
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_another_thread_goes_on():
    ended = []

    def run():
        with limited.limited():
            spin(0.2)
        ended.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert ended


class Slow:
    def __del__(self):
        spin(0.2)


def test_where_exceptions_are_ignored_the_next_one_stops_what_follows(monkeypatch):
    def run():
        Slow()
        spin(10)

    ignored = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with limited.limited(), pytest.raises(OutOfTimeError):
        run()
    assert ignored == []


class Failing:
    def __del__(self):
        raise ValueError


def test_other_exceptions_that_are_ignored_are_told_as_before(monkeypatch):
    ignored = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: ignored.append(told.exc_type))
    with limited.limited():
        Failing()
    Failing()
    assert ignored == [ValueError, ValueError]
