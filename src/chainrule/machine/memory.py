"""How much memory is free."""

from __future__ import annotations

import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")


def free() -> int:
    """Bytes that could be had now, by /proc/meminfo; where it does not say, as many as can be addressed.

    >>> free() > 0
    True
    """
    try:
        text = _MEMINFO.read_text()
    except OSError:
        text = ""
    found = next((line.split() for line in text.splitlines() if line.startswith("MemAvailable:")), [])
    return int(found[1]) * 1024 if len(found) == 3 else sys.maxsize
