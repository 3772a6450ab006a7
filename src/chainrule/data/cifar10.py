"""CIFAR-10 in any of its published layouts, unpacked or as the archive, to two arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chainrule.data.archives import Sums, read_members
from chainrule.data.layouts import (
    BATCHES,
    CLASSES,
    LAYOUTS,
    PIXELS,
    PYTHON,
    PYTHON_MD5,
    Layout,
    read_batch,
    read_classes,
)
from chainrule.data.pickles import LARGEST
from chainrule.errors import DataError
from chainrule.inputs import read_bytes

IMAGES_PER_BATCH = 10_000


@dataclass(frozen=True, eq=False)
class Cifar10:
    """CIFAR-10 as arrays.

    Attributes:
        images: uint8 (60000, 3072), the five training batches in order, then the test batch; a row is the
            red, the green and the blue plane, each 32 x 32 by rows.
        labels: uint8 (60000,), 0 to 9.
        classes: the ten class names.
        official: whether the checksums are the official ones; ``None`` where none is published (unpacked
            files of the binary and the MATLAB layout).
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    classes: tuple[str, ...]
    official: bool | None


@dataclass(frozen=True)
class Cifar10Files:
    """Where CIFAR-10 lies: a folder of files of one layout, or an archive (``layout`` is ``None``)."""

    path: Path
    layout: Layout | None


def _missing(folder: Path, layout: Layout) -> list[str]:
    return [file for file in layout.files if not (folder / file).is_file()]


def locate(path: Path) -> Cifar10Files | None:
    """Find CIFAR-10 at ``path``: an archive, a folder of batch files, or the parent of one of both.

    A folder that is whole comes before an archive, an archive before a folder of which parts are missing.

    Raises:
        DataError: the folder cannot be looked into.
    """
    try:
        if path.is_file():
            return Cifar10Files(path, None)
        folders = [(folder, layout) for layout in LAYOUTS for folder in (path / layout.folder, path)]
        partial = sorted(folders, key=lambda pair: len(_missing(*pair)))
        folder, layout = partial[0]
        missing = _missing(folder, layout)
        archives = [path / layout.archive for layout in LAYOUTS if (path / layout.archive).is_file()]
    except OSError as error:
        raise DataError(f"{path}: cannot be looked into: {error.strerror}; make it readable") from error
    if archives and missing:
        return Cifar10Files(archives[0], None)
    return Cifar10Files(folder, layout) if len(missing) < len(layout.files) else None


class _Assembly:
    """Puts batches, in whatever order they come, into their rows."""

    def __init__(self, place: Path, count: int) -> None:
        self.place, self.count = place, count
        self.layout: Layout | None = None
        self.seen: set[str] = set()
        self.classes: tuple[str, ...] = ()
        self.images = np.empty((0, PIXELS), np.uint8)
        self.labels = np.empty(0, np.uint8)

    def add(self, file: str, data: bytes) -> None:
        """Read one file of the layout; all must be of the same."""
        layout = next(layout for layout in LAYOUTS if file in layout.files)
        if self.layout is None:
            self.layout = layout
            self.images = np.empty((len(BATCHES) * self.count, PIXELS), np.uint8)
            self.labels = np.empty(len(self.images), np.uint8)
        if layout is not self.layout:
            raise DataError(
                f"{self.place}: mixes the {self.layout.title} and the {layout.title} layout; "
                "give an archive of one of them"
            )
        self.seen.add(file)
        name = str(self.place / file)
        if file == layout.meta:
            self.classes = read_classes(layout, data, name)
        else:
            start = layout.files.index(file) * self.count
            rows = slice(start, start + self.count)
            self.images[rows], self.labels[rows] = read_batch(layout, data, name, self.count)

    def finish(self) -> Layout:
        """The layout, once all of its files were added."""
        if self.layout is None:
            raise DataError(f"{self.place}: holds no CIFAR-10 files; give the official archive")
        _require(self.place, [file for file in self.layout.files if file not in self.seen])
        return self.layout


def _require(place: Path, missing: list[str]) -> None:
    if missing:
        raise DataError(f"{place}: lacks {', '.join(missing)}; copy them there or fetch the archive again")


def _add_folder(assembly: _Assembly, layout: Layout) -> bool | None:
    """Add the files of a folder; whether their sums are official."""
    _require(assembly.place, _missing(assembly.place, layout))
    official = True
    for file in layout.files:
        path = assembly.place / file
        data = read_bytes(path, LARGEST, DataError, "make it readable, or copy the official file again")
        if layout is PYTHON and file in PYTHON_MD5:
            official &= hashlib.md5(data, usedforsecurity=False).hexdigest() == PYTHON_MD5[file]
        assembly.add(file, data)
    return official if layout is PYTHON else None


def _add_archive(assembly: _Assembly) -> bool:
    """Add the files of an archive; whether its sums are official."""
    wanted = {file for layout in LAYOUTS for file in layout.files}
    sums = Sums()
    members: Iterator[tuple[str, bytes]] = read_members(assembly.place, wanted, sums)
    for file, data in members:
        assembly.add(file, data)
    layout = assembly.finish()
    return sums.md5 == layout.archive_md5 and layout.archive_sha256 in ("", sums.sha256)


def read(path: Path, count: int | None = None) -> Cifar10:
    """Read CIFAR-10 from an archive, a folder of batch files, or the parent of one of both.

    Args:
        path: where it lies; nothing is unpacked or written there.
        count: images a batch must have; 10000 if not given.

    Raises:
        DataError: there is none, files are missing, or a file is damaged, unsafe or not CIFAR-10's.
    """
    place = locate(path)
    if place is None:
        raise DataError(
            f"{path}: holds no CIFAR-10; give {', '.join(layout.archive for layout in LAYOUTS)} "
            "or the folder it unpacks to"
        )
    assembly = _Assembly(place.path, IMAGES_PER_BATCH if count is None else count)
    official = _add_archive(assembly) if place.layout is None else _add_folder(assembly, place.layout)
    assembly.finish()
    # The published sums of single files do not cover the class names.
    official = official and assembly.classes == CLASSES
    return Cifar10(assembly.images, assembly.labels, assembly.classes, official)
