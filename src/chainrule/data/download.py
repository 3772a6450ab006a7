"""CIFAR-10 from its official locations: downloaded, checked, imported, and the archive removed."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Protocol

from chainrule.data.datasets import Dataset, import_path, load, require_known
from chainrule.data.layouts import PYTHON
from chainrule.errors import DataError
from chainrule.files import reported, temporary
from chainrule.inputs import opened
from chainrule.text import excerpt

LOCATIONS = (
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    "https://cave.cs.toronto.edu/kriz/cifar-10-python.tar.gz",
)
CHUNK = 2**16
LARGEST = 256 * 2**20
"""Bytes after which a download is given up; the archive has 170 million."""


class DownloadProgress(Protocol):
    """A progress bar as pooch drives it: ``total`` is set, then ``update`` is told bytes, at last ``close``."""

    total: int

    def update(self, count: int) -> None: ...
    def reset(self) -> None: ...
    def close(self) -> None: ...


class _Limited:
    """A progress bar that ends a download without end."""

    def __init__(self, inner: DownloadProgress | None) -> None:
        self.inner, self.seen = inner, 0

    @property
    def total(self) -> int:
        return self.inner.total if self.inner else 0

    @total.setter
    def total(self, value: int) -> None:
        if self.inner:
            self.inner.total = value

    def update(self, count: int) -> None:
        self.seen += count
        if self.seen > LARGEST:
            raise ValueError("the file there is larger than the archive")
        if self.inner:
            self.inner.update(count)

    def reset(self) -> None:
        self.seen = 0
        if self.inner:
            self.inner.reset()

    def close(self) -> None:
        if self.inner:
            self.inner.close()


def _download(location: str, path: Path, progress: DownloadProgress | None) -> str | None:
    """Download the archive to ``path``; why not, if the location cannot give it."""
    import pooch
    import requests

    download = pooch.HTTPDownloader(progressbar=_Limited(progress), chunk_size=CHUNK)
    try:
        download(location, str(path), None)
    except requests.HTTPError as error:
        return f"answers {getattr(error.response, 'status_code', 'with an error')}"
    except requests.Timeout:
        return "does not answer in time"
    except requests.RequestException:
        return "cannot be reached, or the connection broke"
    except ValueError as error:
        return excerpt(error)
    with opened(path, LARGEST, DataError, "try again") as file:
        official = hashlib.file_digest(file, "sha256").hexdigest() == PYTHON.archive_sha256
    return None if official else "sends another file than the official one (SHA-256)"


def fetch(name: str, directory: Path, progress: DownloadProgress | None = None) -> Dataset:
    """Download a data set into the data directory, unless it is there and whole.

    Args:
        name: ``cifar10``; ``digits`` comes with scikit-learn and is only loaded.
        directory: the data directory.
        progress: a progress bar in bytes.

    Raises:
        DataError: the name is unknown, or no location gives the official file.
        StoreError: the data directory cannot be written or the disk is full.
    """
    require_known(name)
    with contextlib.suppress(DataError):
        return load(name, directory)
    problems = []
    with reported(directory, "download to it"), temporary(directory / name, Path.mkdir) as folder:
        archive = folder / PYTHON.archive
        for location in LOCATIONS:
            problem = _download(location, archive, progress)
            if problem is None:
                return import_path(archive, directory)
            problems.append(f"{location} {problem}")
    raise DataError(
        f"{name} cannot be fetched: {'; '.join(problems)}; try again, or download the archive elsewhere and run "
        "`chainrule data import PATH`"
    )
