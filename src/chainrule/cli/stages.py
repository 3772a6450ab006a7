"""One bar over work and what comes after it: the share of the time, which never goes back, and the time left."""

from __future__ import annotations

import time
from collections.abc import Callable

from chainrule.cli.progress import ShowProgress
from chainrule.machine.slowness import slowness

_WHOLE = 1000
"""What the bar counts to."""
_LOOK_EVERY_S = 3.0
"""Seconds between looks at how slow the machine is."""
_FORESEEN = 0.2
"""What was foreseen of the rest weighs as much as so large a share of it that was seen."""
DRAWN_S = 0.5
"""Seconds that the figures of a setting take with its part of the page, on a core of an AMD EPYC."""
PAGE_S = 1.0
"""Seconds that a page of little takes, or what is common to all pages."""


class Stages:
    """Work at a speed that shows only as it goes, then a rest that takes ``rest_s`` seconds on a core of an AMD EPYC:
    this machine's slowness is measured during the work, then the rest's own speed counts.

    >>> seconds = iter([0.0, 4.0, 8.0, 8.0, 12.0])
    >>> def show(done, total, left_s=None):
    ...     print(f"{done / total:.0%}, {left_s} s left")
    >>> stages = Stages(show, 2.0, slow=lambda: 2.0, clock=lambda: next(seconds))  # twice as slow: 4 s
    >>> stages.work(0, 10), stages.work(5, 10), stages.work(10, 10), stages.rest(0, 2), stages.rest(2, 2)
    0%, None s left
    33%, 8.0 s left
    67%, 4.0 s left
    67%, 4.0 s left
    100%, 0.0 s left
    (None, None, None, None, None)
    """

    def __init__(
        self,
        show: ShowProgress,
        rest_s: float,
        slow: Callable[[], float] = slowness,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._show = show
        self._rest_s = rest_s
        self._slow = slow
        self._clock = clock
        self._start: tuple[float, int] | None = None
        self._looks: list[float] = []
        self._looked: float | None = None
        self._rest_began: tuple[float, float] | None = None
        self._found = 0.0
        self._share = 0.0

    def work(self, done: int, total: int) -> None:
        """So much of the work is done; what was done at the first call was found so, and tells nothing of speed."""
        now = self._clock()
        self._look(now)
        if self._start is None:
            self._start = now, done
            self._found = self._share = done / total if done < total else 0.0
        began, before = self._start
        left_s = None
        if done > before:
            spent = now - began
            left_s = spent * (total - done) / (done - before) + self._foreseen
            gone = spent / max(spent + left_s, 1e-9)
            self._share = max(self._share, self._found + (1 - self._found) * gone)
        self._shown(left_s)

    def rest(self, done: int, total: int) -> None:
        """So much of the rest is done."""
        now = self._clock()
        if self._rest_began is None:
            self._look(now)
            self._rest_began = now, self._share
        began, share = self._rest_began
        spent, part = now - began, done / max(total, 1)
        whole = (spent + _FORESEEN * self._foreseen) / (part + _FORESEEN)
        self._share = max(self._share, share + (1 - share) * part)
        self._shown(max(whole - spent, 0.0) if part < 1 else 0.0)

    @property
    def _foreseen(self) -> float:
        """Seconds that the rest takes, as slow as the machine has been so far."""
        return self._rest_s * sum(self._looks) / len(self._looks)

    def _look(self, now: float) -> None:
        if self._looked is None or now - self._looked >= _LOOK_EVERY_S:
            self._looked = now
            self._looks.append(self._slow())

    def _shown(self, left_s: float | None) -> None:
        self._show(round(_WHOLE * self._share), _WHOLE, left_s)
