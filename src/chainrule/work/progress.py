"""How far populations are: each notes its work done in a small file that the driver reads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

WorkProgress = Callable[[int, int], None]
"""Called with the work done and the work in all; see :func:`chainrule.work.planner.work`."""


class Counters:
    """Work done by every population, shared between processes without locks: each has one writer."""

    def __init__(self, count: int) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="chainrule-progress-")  # noqa: SIM115 - closed by __exit__
        self.path = Path(self._file.name)
        self._file.write(bytes(8 * max(1, count)))
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def end(self, index: int, work: int) -> None:
        """Population ``index`` has ended; ``work`` is all that it had to do."""
        report(self.path, index, work)

    def total(self) -> int:
        """Work done by all."""
        return int(np.fromfile(self.path, np.int64).sum())


def report(path: Path, index: int, work: int) -> None:
    """Note that population ``index`` has done ``work``; a driver that is gone is no error."""
    try:
        with path.open("r+b") as file:
            file.seek(8 * index)
            file.write(np.int64(work).tobytes())
    except FileNotFoundError:
        return
