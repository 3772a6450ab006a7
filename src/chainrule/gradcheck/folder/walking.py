"""What lies in a folder and below it. Links are never followed, so that nothing outside is read, and nothing twice."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.sandbox.staging import LARGEST_COPY, NOT_THEIRS
from chainrule.gradcheck.sandbox.unpacking import Bounds
from chainrule.text import encodable

BOUNDS = Bounds(LARGEST_COPY, 20_000)
"""Of one submission, packed or not."""

_DEEPEST = 50


def listed(folder: Path, called: Path) -> tuple[list[Path], list[Path]]:
    """What of a folder is passed over, and all else, by name.

    Args:
        folder: which.
        called: what to call it in an error.

    Raises:
        CheckError: it cannot be read.
    """
    try:
        entries = [folder / name for name in sorted(os.listdir(folder))]  # noqa: PTH208 - in the order of its bytes
    except OSError as error:
        raise CheckError(f"{encodable(str(called))}: cannot be read: {error.strerror or error}") from error
    passed_over = [path for path in entries if _is_passed_over(path)]
    return passed_over, [path for path in entries if path not in passed_over]


def _is_passed_over(path: Path) -> bool:
    """Whether this is hidden, a cache, or an environment of Python."""
    if path.name.startswith("."):
        return True
    return is_folder(path) and (path.name in NOT_THEIRS or os.path.lexists(path / "pyvenv.cfg"))


def walked(root: Path, name: str) -> Iterator[Path]:
    """Everything below a folder that is none, but for what is passed over, that near its top first.

    Raises:
        CheckError: a folder cannot be read, or there are too many entries; ``name`` is what it is called then.
    """
    waiting, seen = deque([(root, 0)]), 0
    while waiting:
        folder, depth = waiting.popleft()
        _, entries = listed(folder, Path(name) / folder.relative_to(root))
        seen += len(entries)
        if seen > BOUNDS.files or depth > _DEEPEST:
            raise CheckError(
                f"{name}: holds more than {BOUNDS.files} entries, or folders more than {_DEEPEST} deep; leave out "
                "what does not belong to it"
            )
        for path in entries:
            if is_folder(path):
                waiting.append((path, depth + 1))
            else:
                yield path


def is_folder(path: Path) -> bool:
    """Whether this is a folder, and no link to one."""
    return stat.S_ISDIR(_mode(path))


def is_regular(path: Path) -> bool:
    """Whether this is a file with contents of its own."""
    return stat.S_ISREG(_mode(path))


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0
