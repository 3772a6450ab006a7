"""A temporary folder of one process, which the next driver clears away where that process was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chainrule.files import reported

try:
    import fcntl
except ImportError:  # Windows, where what a killed process left stays
    fcntl = None  # type: ignore[assignment]

PREFIX = "chainrule-scratch-"
_HELD = ".held"
"""The file whose lock says that a folder is in use: the system lets go of it when the process ends, however it ends."""


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new folder where temporary files go; at the end it is removed with what is in it.

    Raises:
        StoreError: there is no place for it.
    """
    with reported(Path(os.environ.get("TMPDIR", "TMPDIR")), "make a temporary folder"):
        path, lock = _made()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def _made() -> tuple[Path, int]:
    """A folder, and the descriptor that holds it."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Before it is held, another process may take it for one that was left, and remove it.
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(path / _HELD, os.O_RDWR | os.O_CREAT, 0o600)
            if fcntl is not None:
                with contextlib.suppress(OSError):  # a file system without locks: nobody takes it either
                    fcntl.flock(lock, fcntl.LOCK_EX)
            if (path / _HELD).exists():
                return path, lock
            os.close(lock)


def sweep() -> None:
    """Remove the folders of this user's processes that are gone."""
    if fcntl is None:
        return
    # Others may be as quick; those in use cannot be locked.
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                _remove(path)


def _remove(path: Path) -> None:
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        return
    lock = os.open(path / _HELD, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)
