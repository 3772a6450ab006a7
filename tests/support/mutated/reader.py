"""Whatever reads files: valid files of its form, how they are damaged, and the function that a command calls."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from support.mutated.changes import Change

Files = Mapping[str, bytes]
"""Contents, by name below a folder."""


@dataclass(frozen=True)
class Reader:
    """What reads files.

    Attributes:
        name: what it is called.
        files: makes valid ones, by name below a folder.
        damaged: how those whose names end so are damaged; the first ending that fits.
        read: reads the folder, as a command does.
        share: how many inputs it is worth, against the others.
    """

    name: str
    files: Callable[[], Files]
    damaged: Mapping[str, Sequence[Change]]
    read: Callable[[Path], object]
    share: float = 1

    def changes_of(self, name: str) -> Sequence[Change]:
        """How a file may be damaged; in no way, if it is not to be."""
        return next((ways for ending, ways in self.damaged.items() if name.endswith(ending)), ())


def _files_of(folder: Path) -> Files:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def in_folder(fill: Callable[[Path], object]) -> Callable[[], Files]:
    """The files that a function writes into a folder; they are made once."""

    @functools.cache
    def made() -> Files:
        with TemporaryDirectory() as name:
            fill(Path(name))
            return _files_of(Path(name))

    return made


def all_files(ways: Sequence[Change]) -> Mapping[str, Sequence[Change]]:
    """Every file is damaged in the same ways."""
    return {"": ways}
