"""Linux's calls, as the measures of confinement make them."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import Any

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def libc() -> Any:
    """The C library.

    Raises:
        OSError: this is not Linux, and the numbers here mean something else, if anything.
    """
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, f"{sys.platform} has nothing like it that is used here")
    return ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *arguments: Any) -> int:
    """A call by its number: what the C library has no function for."""
    result: int = libc().syscall(number, *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    return result


def require(result: int) -> int:
    """What a call gave.

    Raises:
        OSError: it failed, for the reason that the C library keeps.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def require_zero(result: int) -> None:
    """Hold a call that gives 0, or the reason as a negative number.

    Raises:
        OSError: it failed.
    """
    if result:
        raise OSError(-result, os.strerror(-result))
