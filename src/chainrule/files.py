"""Files that appear whole or not at all: temporary name, sync, rename.

A process may be killed anywhere in between, so what it leaves beside a path must tell two things. What it is, by its
name: ``.NAME.<8 digits>.old`` is what was there before, whole, moved away for an instant; ``.NAME.<8 digits>.tmp`` is
of no worth. And whether its writer lives: writers hold a lock on what they work with, which the system lets go of when
they end, however they end. Age cannot tell, as a slow disk takes its time; nor can the number of a process, which is
another's in another container. :func:`settle` puts back and sweeps what nobody holds.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from chainrule.errors import StoreError

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows
    flock = None  # type: ignore[assignment]


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


@contextlib.contextmanager
def _held(path: Path) -> Iterator[bool | None]:
    """Lock a file or folder, wherever it is moved: whether that was done, or someone else holds it or took it away;
    None where nobody can tell, as on systems and disks without locks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        yield False if isinstance(error, FileNotFoundError) else None
        return
    try:
        yield _locked(descriptor, path)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, path: Path) -> bool | None:
    if flock is None:
        return None
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        # Whoever held it before may have moved or removed it.
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError:
        return None


def _number() -> str:
    return uuid.uuid4().hex[:8]


def _left(folder: Path, name: str, kind: str) -> list[Path]:
    """What writers left in ``folder`` or work with, the latest first; ``name`` is a pattern of what they write."""
    pattern = re.compile(rf"\.{name}\.[0-9a-f]{{8}}\.{kind}")
    try:
        with os.scandir(folder) as entries:
            paths = [Path(entry.path) for entry in entries if pattern.fullmatch(entry.name)]
        return sorted(paths, key=lambda path: -path.lstat().st_mtime)
    except OSError:
        return []


def _discard(path: Path) -> None:
    """Remove a file or folder, first of all its name: a half of it must not count as what was there before."""
    worthless = path.with_suffix("").with_suffix(f".{_number()}.tmp")
    with contextlib.suppress(OSError):
        path.rename(worthless)
        if worthless.is_dir() and not worthless.is_symlink():
            shutil.rmtree(worthless, ignore_errors=True)
        else:
            worthless.unlink()


def settle(path: Path) -> None:
    """Put back what a killed writer of ``path`` had moved away, where nothing took its place, and sweep the rest.

    What a living writer works with stays as it is. Where the folder cannot be written, nothing happens.
    """
    name = re.escape(path.name)
    for old in _left(path.parent, name, "old"):
        with _held(old) as held:
            # Where nobody can tell, a living writer is disturbed, and says so, rather than that anything is lost.
            if held is not False and not os.path.lexists(path):
                with contextlib.suppress(OSError):
                    old.rename(path)
            elif held:
                _discard(old)
    sweep(path.parent, name)


def sweep(folder: Path, name: str = ".+") -> None:
    """Remove what killed writers left half written in ``folder``; ``name`` is a pattern of the files' names."""
    for temporary in _left(folder, name, "tmp"):
        with _held(temporary) as held:
            if held:
                _discard(temporary)


@contextlib.contextmanager
def temporary(path: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """Something new beside ``path``, held until the end, when it is removed unless it was renamed.

    Args:
        path: what it is to become, or to serve.
        make: makes a file or folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        while True:
            new = path.with_name(f".{path.name}.{_number()}.tmp")
            make(new)
            # Somebody may have taken it for left behind before it was held.
            if stack.enter_context(_held(new)) is not False:
                break
        try:
            yield new
        finally:
            if os.path.lexists(new):
                _discard(new)


def _require_replaceable(path: Path) -> None:
    """Refuse what a file would take the place of and be the end of.

    Raises:
        StoreError: it is a link, which may lead anywhere in a folder of somebody else's; or a device, a pipe or the
            like, which would be gone.
    """
    with contextlib.suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if stat.S_ISLNK(mode):
            raise StoreError(f"{path}: is a link to {path.readlink()}; name that, or take the link away")
        if not stat.S_ISREG(mode):
            raise StoreError(
                f"{path}: is no regular file, so none can be written there; choose another place"
            )


def require_writable(path: Path) -> None:
    """Refuse a place where no file can be written, before what it is to hold takes its time to come about.

    Raises:
        StoreError: it is there and no regular file, or a link, or its folder cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     require_writable(Path(folder) / "notes.txt")
    ...     list(Path(folder).iterdir())
    []
    """
    with reported(path, "write"):
        _require_replaceable(path)
        with temporary(path, lambda new: new.touch(exist_ok=False)):
            pass


def write_bytes(path: Path, data: bytes, *, settled: bool = False) -> None:
    """Write ``data`` to ``path`` atomically; an interruption leaves the old file or none.

    Args:
        path: where to.
        data: all of it.
        settled: whether somebody looks after what killed writers left there, as with :func:`sweep`: the folder is not
            searched for it.

    Raises:
        StoreError: it is there and no regular file, or a link, the folder cannot be written or the disk is full.
    """
    with reported(path, "write"):
        _require_replaceable(path)
        if not settled:
            settle(path)
        with temporary(path, lambda new: new.touch(exist_ok=False)) as new:
            with new.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
            sync_directory(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 to ``path`` atomically (see :func:`write_bytes`).

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "new" / "notes.txt", "one line")
    ...     print([path.name for path in Path(folder, "new").iterdir()])  # nothing temporary is left
    ['notes.txt']
    """
    write_bytes(path, text.encode())


def _exchange(path: Path, new: Path) -> None:
    """Move what is at ``path`` away and ``new`` there; when that fails, what was there comes back."""
    old = new.with_suffix(".old")
    # Held, what is moved away is known for a living writer's.
    with _held(path):
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

    Whenever it is killed, the old folder or the new one is whole: at ``path``, or put there by :func:`settle`, which
    whoever opens such a folder calls first.

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """
    with reported(path, "write"):
        settle(path)
        try:
            with temporary(path, Path.mkdir) as new:
                fill(new)
                for file in new.iterdir():
                    with file.open("rb+") as handle:
                        os.fsync(handle.fileno())
                sync_directory(new)
                _exchange(path, new)
                sync_directory(path.parent)
        finally:
            settle(path)
