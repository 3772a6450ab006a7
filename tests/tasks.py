"""Tasks that worker processes can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from chainrule.errors import StoreError


def square(number: int) -> int:
    return number * number


def refuse_three(number: int) -> int:
    if number == 3:
        raise StoreError("three is full")
    return number


def die_once(marker: Path) -> str:
    """Kill the process that runs this, the first time."""
    if marker.suffix == ".die" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marker.name


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def threads_and_pid(number: int) -> tuple[list[int], int]:
    """BLAS threads that a product uses here, and the process."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_info

    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"], os.getpid()


def variable(name: str) -> str | None:
    """What this process's environment holds."""
    return os.environ.get(name)
