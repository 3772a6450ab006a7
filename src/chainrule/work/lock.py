"""One driver a folder: whoever trains into it holds it, and says so to its workers and to whoever comes second."""

from __future__ import annotations

import contextlib
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import filelock

from chainrule.errors import StoreError
from chainrule.files import reported, write_text
from chainrule.records.base import Record

_NAME = ".driver.json"

FILES = {".driver.lock", _NAME}
"""What the lock leaves in a folder."""


class Driver(Record):
    """Who holds a folder.

    Attributes:
        pid, host: its process.
        run: what no other driver of any folder is called.
    """

    pid: int
    host: str
    run: str


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Driver]:
    """Hold ``folder``, which is made where it is not there, until the end; inside, it may be held again.

    The system lets go of the lock when the process ends, however it ends: what is left of it then holds nobody up.

    Raises:
        StoreError: another driver holds it, or it cannot be written.
    """
    with contextlib.ExitStack() as stack:
        with reported(folder, "use the folder"):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder.resolve() / ".driver.lock"
            lock = filelock.FileLock(path, timeout=0, is_singleton=True)
            again = lock.is_locked
            try:
                stack.enter_context(lock.acquire())
            except filelock.Timeout as error:
                raise StoreError(
                    f"{folder}: in use by {_described(folder)}; wait for it, or choose another --out"
                ) from error
            except NotImplementedError as error:
                raise StoreError(
                    f"{folder}: lies on a file system without locks; choose another --out"
                ) from error
        driver = driver_of(folder) if again else None
        if driver is None:
            driver = Driver(pid=os.getpid(), host=socket.gethostname(), run=uuid.uuid4().hex)
            stack.callback(_forget, folder)
            write_text(folder / _NAME, driver.to_json())
        yield driver


def _forget(folder: Path) -> None:
    with contextlib.suppress(OSError):
        (folder / _NAME).unlink(missing_ok=True)


def driver_of(folder: Path) -> Driver | None:
    """Who holds a folder, as far as can be seen from here; it may have ended without a word."""
    try:
        return Driver.read(folder / _NAME)
    except StoreError:
        return None


def _described(folder: Path) -> str:
    driver = driver_of(folder)
    return f"process {driver.pid} on {driver.host}" if driver else "another process"
