"""How far populations are: each notes its work done in a small file that the driver reads."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from chainrule.work import scratch

WorkProgress = Callable[[int, int], None]
"""Called with the work done and the work in all; see :func:`chainrule.work.planner.work`."""


class Counters:
    """Work done by every population, shared between processes without locks: each has one writer."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        path.write_bytes(bytes(8 * max(1, count)))

    def end(self, index: int, work: int) -> None:
        """Population ``index`` has ended; ``work`` is all that it had to do."""
        report(self.path, index, work)

    def total(self) -> int:
        """Work done by all."""
        return int(np.fromfile(self.path, np.int64).sum())


@contextlib.contextmanager
def counting(count: int) -> Iterator[Counters]:
    """Counters of so many populations, until the block ends."""
    with scratch.folder() as private:
        yield Counters(private / "progress", count)


def report(path: Path, index: int, work: int) -> None:
    """Note that population ``index`` has done ``work``; a driver that is gone is no error."""
    try:
        with path.open("r+b") as file:
            file.seek(8 * index)
            file.write(np.int64(work).tobytes())
    except FileNotFoundError:
        return
