"""A root of its own (user, mount, network, IPC and host-name namespaces): of the machine's files a process then sees
those of Python and its libraries, and a folder in memory that is as large as it may become. There is no network in it,
no /proc, and no capability over anything outside.

Sources: the manual pages user_namespaces(7), mount_namespaces(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from chainrule.gradcheck.sandbox.system_calls import libc, require

LARGEST_FOLDER = 512 * 2**20
"""Of the folder that may be written to, with what is copied into it (:mod:`chainrule.gradcheck.sandbox.staging`)."""

DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
COPIED = ("/proc/cpuinfo", "/proc/meminfo")
"""What is of the system's in it: devices that give or take bytes, and what the machine is like."""

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
_HOST = b"chainrule"
_LARGEST_COPIED = 2**20
_MOST_FILES = 20_000
MOUNT_POINT = Path("/proc")
"""Where the new root is put together: every system has it, and it is to be out of sight anyway."""


def new_root(private: Path, readable: Sequence[Path]) -> Path:
    """Put a root together, and give the place in it of what will be ``private`` there.

    Raises:
        OSError: the system does not let this process have it; ValueError: ``private`` lies within ``readable``.
    """
    within = [path for path in readable if private.is_relative_to(path.resolve())]
    if within:
        raise ValueError(f"temporary files lie within {within[0]}; set TMPDIR to another place")
    copied = {name: _start_of(Path(name)) for name in COPIED}
    leave_namespaces()
    _mount("tmpfs", MOUNT_POINT, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4m,nr_inodes=10000,mode=755")
    for path in [*_apart(readable), *map(Path, DEVICES)]:
        _bind(path)
    for name, content in copied.items():
        place = _below(Path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    inside = _below(private)
    inside.mkdir(parents=True)
    size = f"size={LARGEST_FOLDER},nr_inodes={_MOST_FILES},mode=700"
    _mount("tmpfs", inside, "tmpfs", _MS_NOSUID | _MS_NODEV, size)
    return inside


def leave_namespaces() -> None:
    """Namespaces of one's own for users, mounts, the network, IPC and the host's name."""
    library = libc()
    user, group = os.getuid(), os.getgid()
    spaces = _CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    require(library.unshare(spaces))
    require(library.sethostname(_HOST, len(_HOST)))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path("/proc/self", name).write_text(text)
    _mount(None, Path("/"), None, _MS_REC | _MS_PRIVATE, None)


def _start_of(path: Path) -> bytes:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(_LARGEST_COPIED)
    return b""


def _below(path: Path) -> Path:
    return MOUNT_POINT / path.relative_to("/")


def _apart(paths: Iterable[Path]) -> list[Path]:
    """Paths under the names by which they are known and under their real ones, none below another."""
    both = {place for path in paths for place in (path, path.resolve())}
    kept: list[Path] = []
    for path in sorted(both, key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(above) for above in kept):
            kept.append(path)
    return kept


def _bind(path: Path) -> None:
    place = _below(path)
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _mount(str(path), place, None, _MS_BIND | _MS_REC, None)


def _mount(source: str | None, target: Path, kind: str | None, flags: int, data: str | None) -> None:
    texts = [text and os.fsencode(text) for text in (source, str(target), kind, data)]
    require(libc().mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]))
