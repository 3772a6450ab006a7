"""Other processes, as /proc shows them, and waiting for what they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def group(pid: int) -> list[int]:
    """Living processes of a process group."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
        except OSError:
            continue
        if fields and fields[0] != "Z" and int(fields[2]) == pid:
            found.append(int(folder.name))
    return found


def wait_until(condition: Callable[[], object], enough_s: float) -> None:
    """Return when the condition holds; fail when it does not for so many seconds, far more than it takes."""
    end = time.monotonic() + enough_s
    while not condition():
        assert time.monotonic() < end, f"it did not happen in {enough_s:.0f} s"
        time.sleep(0.05)
