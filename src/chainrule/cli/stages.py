"""One bar over work and what comes after it: the share of the time, which never goes back."""

from __future__ import annotations

import time
from collections.abc import Callable

from chainrule.work.progress import WorkProgress

_WHOLE = 1000
"""What the bar counts to."""


class Stages:
    """Work at a speed that shows only as it goes, then a rest of about ``rest_s`` seconds.

    What passes before anything is done, such as the start of processes or a compilation, comes once and tells nothing
    of the speed: that is measured from the first advance on.

    >>> seconds = iter([0.0, 4.0, 8.0, 10.0])
    >>> stages = Stages(lambda done, total: print(f"{done / total:.0%}"), 2.0, lambda: next(seconds))
    >>> stages.work(0, 10), stages.work(2, 10), stages.work(6, 10), stages.work(10, 10)
    0%
    0%
    57%
    83%
    (None, None, None, None)
    >>> stages.rest(0.5), stages.rest(1)
    92%
    100%
    (None, None)
    """

    def __init__(
        self, show: WorkProgress, rest_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._show = show
        self._rest_s = rest_s
        self._clock = clock
        self._start: tuple[float, float] | None = None
        self._advanced: tuple[float, float] | None = None
        self._found = 0.0
        self._share = 0.0

    def work(self, done: float, total: float) -> None:
        """So much of the work is done; what was done at the first call was found so, and the bar begins there."""
        now = self._clock()
        if self._start is None:
            self._start = now, done
            self._found = self._share = done / total if done < total else 0.0
        began, before = self._start
        if done > before:
            if self._advanced is None:
                self._advanced = now, done
            since, first = self._advanced
            spent = now - began
            if done >= total:
                self._reach(spent, 0.0)
            elif done > first:
                self._reach(spent, (now - since) * (total - done) / (done - first))
        self._shown(self._share)

    def rest(self, share: float) -> None:
        """So large a ``share`` of the rest is done, from 0 to 1."""
        self._shown(self._share + (1 - self._share) * share)

    def _reach(self, spent: float, left: float) -> None:
        """Move on to where ``spent`` seconds are, with ``left`` of the work still to come."""
        whole = spent + left + self._rest_s
        self._share = max(self._share, self._found + (1 - self._found) * spent / max(whole, 1e-9))

    def _shown(self, share: float) -> None:
        self._show(round(_WHOLE * share), _WHOLE)
