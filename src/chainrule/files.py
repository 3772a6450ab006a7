"""Files that appear whole or not at all: temporary name, sync, rename."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from chainrule.errors import StoreError


@contextlib.contextmanager
def reported(path: Path, action: str) -> Iterator[None]:
    """Turn an operating-system error at ``path`` into one line that says what could not be done and why."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        repair = "free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "choose another place"
        raise StoreError(f"{path}: cannot {action}: {reason}; {repair}") from error


def safe_name(name: str) -> str:
    """``name`` as a file name: what is no letter, digit, dot or hyphen becomes ``_``, and 200 characters do.

    >>> safe_name("rate 0.1, l2 0")
    'rate_0.1__l2_0'
    """
    return re.sub(r"[^\w.-]", "_", name)[:200]


def final_name(name: str) -> str:
    """The name that a half-written file was to get; ``name`` itself where it is none.

    >>> final_name(".plan.json.0a1b2c3d.tmp"), final_name("plan.json")
    ('plan.json', 'plan.json')
    """
    half_written = re.fullmatch(r"\.(.+)\.[0-9a-f]{8}\.tmp", name)
    return half_written[1] if half_written else name


def sync_directory(directory: Path) -> None:
    """Make the names in ``directory`` durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` atomically; an interruption leaves the old file or none.

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    with reported(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            sync_directory(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 to ``path`` atomically (see :func:`write_bytes`).

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "new" / "notes.txt", "one line")
    ...     print([path.name for path in Path(folder, "new").iterdir()])  # nothing temporary is left
    ['notes.txt']
    """
    write_bytes(path, text.encode())


def _exchange(path: Path, new: Path, old: Path) -> None:
    """Move what is at ``path`` to ``old`` and ``new`` to ``path``; when that fails, what was there comes back."""
    try:
        with contextlib.suppress(FileNotFoundError):
            path.rename(old)
        new.rename(path)
    except BaseException:
        with contextlib.suppress(OSError):
            old.rename(path)
        raise


def write_directory(path: Path, fill: Callable[[Path], None]) -> None:
    """Let ``fill`` write files into a temporary folder, then rename it to ``path``, replacing what is there.

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    discarded = temporary.with_suffix(".old")
    with reported(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.mkdir()
            fill(temporary)
            for file in temporary.iterdir():
                with file.open("rb+") as handle:
                    os.fsync(handle.fileno())
            sync_directory(temporary)
            _exchange(path, temporary, discarded)
            sync_directory(path.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
            shutil.rmtree(discarded, ignore_errors=True)
