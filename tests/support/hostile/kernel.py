"""The system's calls without Python's wrappers."""

import ctypes
import os

X86_64 = os.uname().machine == "x86_64"


def done(result):
    """What a call of the C library gave.

    Raises:
        OSError: it was refused.
    """
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def libc():
    return ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    """A call by its number, which is that of x86-64.

    Raises:
        OSError: it was refused, or this is another machine.
    """
    if not X86_64:
        raise OSError("the numbers are those of another machine")
    function = libc().syscall
    function.restype = ctypes.c_long
    return done(function(*(ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *arguments))))
