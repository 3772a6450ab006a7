"""CIFAR-10 in every form that it is published in, with a few images a batch, and as it lies in the cache."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chainrule.data import cifar10, datasets
from support.archives import binary_files, matlab_files, python_files, write_archive
from support.mutated.binary_changes import GZIP, PICKLE
from support.mutated.changes import ANYWHERE
from support.mutated.reader import Files, Reader, all_files, in_folder
from support.mutated.text_changes import JSON

IMAGES = 3
"""In a batch."""


@contextmanager
def _small_batches() -> Iterator[None]:
    before, cifar10.IMAGES_PER_BATCH = cifar10.IMAGES_PER_BATCH, IMAGES
    try:
        yield
    finally:
        cifar10.IMAGES_PER_BATCH = before


def _imported(folder: Path) -> None:
    with _small_batches(), TemporaryDirectory(dir=folder) as place:
        datasets.import_path(folder / "given", Path(place))
        assert [path.name for path in Path(place).iterdir()] == ["cifar10"]


def _published(files: Callable[[], Files]) -> Callable[[], Files]:
    return functools.cache(lambda: {f"given/{name}": data for name, data in files().items()})


def _archived(folder: Path) -> None:
    write_archive(folder / "given", "cifar-10-batches-py", python_files(IMAGES))


def _cached(folder: Path) -> None:
    with _small_batches(), TemporaryDirectory() as name:
        given = Path(name)
        for file, data in python_files(IMAGES).items():
            (given / file).write_bytes(data)
        datasets.import_path(given, folder)


def _loaded(folder: Path) -> None:
    datasets.load("cifar10", folder)


def _python() -> Files:
    return python_files(IMAGES)


def _binary() -> Files:
    return binary_files(IMAGES)


def _matlab() -> Files:
    return matlab_files(IMAGES)


def _plain_matlab() -> Files:
    return matlab_files(IMAGES, compress=False)


_ARRAYS = {".npy": ANYWHERE, ".json": JSON}

READERS = (
    Reader("data import, python", _published(_python), all_files(PICKLE), _imported, 2),
    Reader("data import, binary", _published(_binary), all_files(ANYWHERE), _imported),
    Reader("data import, MATLAB", _published(_matlab), all_files(ANYWHERE), _imported),
    Reader("data import, plain MATLAB", _published(_plain_matlab), all_files(ANYWHERE), _imported, 2),
    Reader("data import, archive", in_folder(_archived), all_files(GZIP), _imported, 2),
    Reader("data, imported", in_folder(_cached), _ARRAYS, _loaded, 2),
)
