"""How far populations are: each counts the epochs of its nets in a small file that the driver reads."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np


class Counters:
    """Epochs done by every population's nets, shared between processes without locks: each has one writer."""

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

    def total(self) -> int:
        """Epochs done by all."""
        return int(np.fromfile(self.path, np.int64).sum())


def report(path: Path, index: int, epochs: int) -> None:
    """Note that population ``index`` has done ``epochs``; a driver that is gone is no error."""
    try:
        with path.open("r+b") as file:
            file.seek(8 * index)
            file.write(np.int64(epochs).tobytes())
    except FileNotFoundError:
        return
