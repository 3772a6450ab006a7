"""Cores and BLAS threads. Nothing here loads NumPy: threads are settled before it is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What BLAS libraries read when they are loaded."""

ONE_EACH = dict.fromkeys(VARIABLES, "1")
"""The environment of a process with one BLAS thread: NumPy's and SciPy's libraries fight over cores otherwise."""


def available_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Run BLAS with one thread inside, whatever it was loaded with."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
