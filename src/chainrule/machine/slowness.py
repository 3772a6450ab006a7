"""How much slower this machine is, at this moment, than the one whose seconds our constants are."""

from __future__ import annotations

import time
from collections.abc import Callable

_STEPS = 400_000
_REFERENCE_S = 0.013
"""Seconds that so many steps take on a core of an AMD EPYC."""


def slowness(clock: Callable[[], float] = time.monotonic) -> float:
    """How many times longer a fixed piece of work takes than on a core of an AMD EPYC; it takes about 13 ms.

    Other programs on the same cores count: what is measured is time that passes, not the processor's.

    >>> seconds = iter([1.0, 1.1])
    >>> round(slowness(lambda: next(seconds)), 1)
    7.7
    """
    began, sum_ = clock(), 0
    for step in range(_STEPS):
        sum_ += step & 3
    return (clock() - began) / _REFERENCE_S
