"""The folder that a user's file runs in: it reads like the file's own, and what is written to it is thrown away."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from pathlib import Path

_MOST_ENTRIES = 2000


def stage(folder: Path, private: Path) -> Path:
    """Make a copy of ``folder`` out of links below ``private``, and give its path.

    Folders in it become folders of their own, so that files can be added to them, as long as there are not too many
    entries in all; those beyond, hidden ones and links are linked as a whole. The folders and files beside
    ``folder`` are linked as well, so that ``../data`` is found.
    """
    folder = folder.resolve()
    copy = private / "beside" / (folder.name or "folder")
    copy.parent.mkdir()
    _mirror(folder, copy)
    for path in _entries(folder.parent):
        if path != folder:
            _link(path, copy.parent / path.name)
    return copy


def _mirror(folder: Path, copy: Path) -> None:
    copy.mkdir()
    entries, waiting = 0, deque((path, copy / path.name) for path in _entries(folder))
    while waiting:
        path, place = waiting.popleft()
        inside = [] if path.name.startswith(".") or path.is_symlink() or not path.is_dir() else _entries(path)
        entries += len(inside)
        if inside and entries <= _MOST_ENTRIES:
            place.mkdir()
            waiting.extend((inner, place / inner.name) for inner in inside)
        else:
            _link(path, place)


def _entries(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _link(path: Path, copy: Path) -> None:
    with contextlib.suppress(OSError):
        os.symlink(path, copy)  # noqa: PTH211
