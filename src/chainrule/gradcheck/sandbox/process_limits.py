"""Memory, processor time, descriptors and the size of files, limited on every system that has the limits.

Wall time and output are limited from outside (:mod:`chainrule.gradcheck.sandbox.process`).
"""

from __future__ import annotations

import math
import os
from pathlib import Path

LARGEST_FILE = 64 * 2**20
_MOST_DESCRIPTORS = 256


def limit(memory: int, seconds: float) -> None:
    """Set what the system will not let this process exceed.

    Args:
        memory: MB on top of what is in use now.
        seconds: of processor time.

    Raises:
        OSError: the system does not say how much memory is in use; ImportError: it has no such limits.
    """
    import resource

    processor = math.ceil(seconds) + 1
    _bound(resource.RLIMIT_CPU, processor)
    _bound(resource.RLIMIT_FSIZE, LARGEST_FILE)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_NOFILE, _MOST_DESCRIPTORS)
    # The address space is the one kind of memory that the system lets a process limit.
    _bound(resource.RLIMIT_AS, _address_space() + memory * 2**20)


def _bound(kind: int, value: int) -> None:
    import resource

    _, most = resource.getrlimit(kind)
    bound = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (bound, bound))


def _address_space() -> int:
    """Bytes in use."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
