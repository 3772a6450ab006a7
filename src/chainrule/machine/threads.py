"""Cores and BLAS threads. Nothing here loads NumPy: threads are settled before it is."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Iterator
from typing import Any

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What BLAS libraries read when they are loaded."""

ONE_EACH = dict.fromkeys(VARIABLES, "1")
"""The environment of a process with one BLAS thread: NumPy's and SciPy's libraries fight over cores otherwise."""

WORKER = ONE_EACH | {"OPENBLAS_THREAD_TIMEOUT": "12"}
"""The environment of a worker, where :func:`limited` may allow more threads. OpenBLAS's wait for work 2**12 processor
cycles and then sleep: with 2**26, its default, NumPy's and SciPy's took the cores from each other (8 ms a step where
1 ms is enough)."""


def available_cores() -> int:
    """Cores that this process may run on.

    >>> available_cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def limited(threads: int) -> Iterator[None]:
    """Run BLAS with so many threads inside, whatever it was loaded with."""
    with _libraries(len(sys.modules)).limit(limits=threads, user_api="blas"):
        yield


def blas_threads() -> int:
    """Threads that NumPy's products take now; 1 where nothing is known of its library."""
    libraries = _libraries(len(sys.modules)).select(user_api="blas").lib_controllers
    return max((library.num_threads for library in libraries), default=1)


@functools.lru_cache(maxsize=1)
def _libraries(modules: int) -> Any:
    """Those with threads of their own. Looking for them takes a millisecond, as long as a small net trains: it is done
    again where more modules are loaded than before, which may have brought one."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
