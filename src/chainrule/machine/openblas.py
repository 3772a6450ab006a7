"""NumPy's own OpenBLAS, for compiled code to call: the same products as the layers', without a second library.

NumPy's wheels bring one whose names end in ``64_``: its integers have 64 bits. Where NumPy has another library, there
is nothing to call.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import threading
from collections.abc import Iterator
from typing import Any

PREFIX, SUFFIX = "scipy_", "64_"


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library, or None where NumPy has no such one."""
    import numpy  # noqa: F401  # loads it
    from threadpoolctl import threadpool_info

    for loaded in threadpool_info():
        if loaded["internal_api"] == "openblas":
            library = ctypes.CDLL(loaded["filepath"])
            if all(hasattr(library, _name(name)) for name in ("cblas_sgemm", "cblas_dgemm", *_THREADS)):
                return library
    return None


def address(name: str) -> int:
    """Where a function of the library starts: ``cblas_sgemm``, ``cblas_dgemm``."""
    pointer = ctypes.cast(_function(name), ctypes.c_void_p).value
    assert pointer is not None
    return pointer


@contextlib.contextmanager
def one_thread() -> Iterator[int]:
    """Let every product take one thread inside; gives the number of threads that products had outside."""
    get, set_to = (_function(name) for name in _THREADS)
    # The number is the process's: Python threads that train at a time take turns.
    with _LOCK:
        threads = get()
        set_to(1)
        try:
            yield threads
        finally:
            set_to(threads)


_LOCK = threading.RLock()
_THREADS = ("openblas_get_num_threads", "openblas_set_num_threads")


def _function(name: str) -> Any:
    return getattr(library(), _name(name))


def _name(name: str) -> str:
    return f"{PREFIX}{name}{SUFFIX}"
