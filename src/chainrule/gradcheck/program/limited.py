"""Statements of a user's file are stopped once they have taken their time."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

MOST_SECONDS = 2.0
"""What the statements that are run for one name, or one that is run at once, may take of the processor's time."""


class OutOfTimeError(BaseException):
    """A statement has taken too long."""


@contextmanager
def limited(seconds: float | None = None) -> Iterator[None]:
    """Within it, statements are stopped once they have taken their time, one after the other.

    Within another one, they share its time. Only the main thread can be stopped, and nothing on Windows.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not is_main or signal.getsignal(signal.SIGPROF) is _stop:
        yield
        return
    before, unraisable = signal.signal(signal.SIGPROF, _stop), sys.unraisablehook

    def told(ignored: sys.UnraisableHookArgs) -> None:
        # Where Python ignores exceptions, as in what an object does when it goes, the next signal stops what follows.
        if not isinstance(ignored.exc_value, OutOfTimeError):
            unraisable(ignored)

    sys.unraisablehook = told
    seconds = seconds or MOST_SECONDS
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        sys.unraisablehook = unraisable


def _stop(number: int, frame: FrameType | None) -> None:
    raise OutOfTimeError(f"it takes more than {signal.getitimer(signal.ITIMER_PROF)[1]:g} s")
