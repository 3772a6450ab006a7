"""A copy of a user's sources for the process that runs them: what is written to it is thrown away."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from chainrule.gradcheck.program.source import SUFFIXES

LARGEST_COPIED_FILE = 64 * 2**20
LARGEST_COPY = 256 * 2**20
_MOST_COPIED = 2_000
_MOST_SEEN = 10_000
NOT_THEIRS = ("__pycache__", "__MACOSX", "site-packages", "node_modules", "venv", "env")
"""Folders that nobody has written by hand."""

_FOLDER = "files"


def sources_root(path: Path) -> Path:
    """The folder that belongs to a file: its own, or that of the package which it is a part of."""
    folder = path.parent
    while (folder / "__init__.py").is_file() and (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def copy_of(path: Path, root: Path | None, private: Path) -> Path:
    """Where the copy of ``path`` lies below ``private``."""
    if root is None:
        return private / _FOLDER / path.name
    # Files of a package may call it by the name of the folder around it too, of which nothing else is read.
    return private / _FOLDER / (root.parent.name or "root") / (root.name or "root") / path.relative_to(root)


def stage(path: Path, root: Path | None, private: Path) -> list[str]:
    """Copy a file, and the folder ``root`` that belongs to it, below ``private``.

    Sources come first, then the data beside them, as far as the bounds above reach. Hidden files, environments of
    Python, links that lead out of the folder and what is no regular file are not copied.

    Returns:
        What was left out for its size or number, in words.
    """
    target = copy_of(path, root, private)
    target.parent.mkdir(parents=True)
    shutil.copyfile(path, target)
    if root is None:
        return []
    files, all_seen = _files(root)
    left_out, total = [], 0
    for number, (file, size) in enumerate(sorted(files, key=lambda entry: entry[0].suffix not in SUFFIXES)):
        if size > LARGEST_COPIED_FILE or total + size > LARGEST_COPY or number >= _MOST_COPIED:
            left_out.append((file, size))
        else:
            total += size
            _copy(file, copy_of(file, root, private))
    return [
        *_words(left_out, root),
        *([] if all_seen else [f"looked at {_MOST_SEEN} of the files beside it"]),
    ]


def _files(root: Path) -> tuple[list[tuple[Path, int]], bool]:
    """The files below a folder and their sizes, those near its top first, and whether these are all."""
    files: list[tuple[Path, int]] = []
    waiting, seen = deque([root]), 0
    while waiting:
        for entry in _entries(waiting.popleft()):
            seen += 1
            if seen > _MOST_SEEN:
                return files, False
            with contextlib.suppress(OSError):
                place = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(place)
                elif entry.is_file() and (not entry.is_symlink() or place.resolve().is_relative_to(root)):
                    files.append((place, entry.stat().st_size))
    return files, True


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if not entry.name.startswith(".") and entry.name not in NOT_THEIRS:
                yield entry


def _copy(file: Path, target: Path) -> None:
    # What cannot be read is missing for the user's code, which says so if it needs it.
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _words(left_out: Sequence[tuple[Path, int]], root: Path) -> list[str]:
    if not left_out:
        return []
    largest, _ = max(left_out, key=lambda entry: entry[1])
    others = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
    return [
        f"not copied for the check: {largest.relative_to(root)}{others}; files beside it are there up to "
        f"{LARGEST_COPIED_FILE // 2**20} MB each, {LARGEST_COPY // 2**20} MB and {_MOST_COPIED} files in all"
    ]
