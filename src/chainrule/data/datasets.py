"""Data sets by name: where they lie, how they are loaded, what they hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from chainrule.arrays import Images, Labels
from chainrule.data import cache, cifar10, digits
from chainrule.data.encoding import Encoding
from chainrule.data.layouts import BATCHES
from chainrule.errors import DataError, StoreError, suggestion
from chainrule.files import settle

TESTING = frozenset({"test_batch", "test"})
"""Batches that are for testing alone: of published images, of tables."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images, cut into batches as they were published.

    Two are equal when names and checksums are. ``images`` and ``labels`` are read-only; where they come from a file
    they are mapped, so that processes share them. Sending a data set to another process would copy it: send its name
    and directory, and load it there.

    Attributes:
        name: the name it is known by.
        images: uint8 (N, D), D = channels * height * width; a row is one plane a channel, each by rows. Of a table
            (:mod:`chainrule.data.tables`) its rows, in float32 too.
        labels: (N,), indices into ``classes``; of a table whose rows have several labels or none, (N, K) of 0 and 1.
        classes: K class names; none where ``labels`` are numbers, in float64.
        shape: channels, height and width of an image; of a table (1, 1, D).
        max_value: the largest value a pixel can have.
        batches: rows of each batch: ``data_batch_1`` to ``data_batch_5``, then ``test_batch``, without gaps; of a
            table ``train``, ``val`` where there is one, and ``test``.
        checksum: SHA-256 over the images' bytes, then the labels', as hexadecimal text.
        official: whether the checksums of the files it came from are the official ones; ``None``: unknown, as
            for files of which none is published.
        directory: where the parsed arrays lie; ``None`` for data that needs no files.
        columns: names of a table's D columns.
        weights: of the rows, (N,), in float64; None where all count alike.
        class_labels: what labels were that are no text, (K,), such as whole numbers; None: they were ``classes``.
        encoding: what made a table's columns of a data frame's; None where it has them as they were.
        unit: the mean and the deviation of numbers that were standardised to be ``labels``; None where they were not.
    """

    name: str
    images: Images
    labels: Labels
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    max_value: float
    batches: dict[str, range]
    checksum: str
    official: bool | None
    directory: Path | None
    columns: tuple[str, ...] | None = None
    weights: NDArray[np.float64] | None = None
    encoding: Encoding | None = None
    class_labels: NDArray[Any] | None = None
    unit: tuple[float, float] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dataset) and (self.name, self.checksum) == (other.name, other.checksum)

    def __hash__(self) -> int:
        return hash((self.name, self.checksum))

    @property
    def answers(self) -> NDArray[Any]:
        """What nets say, (K,): the classes, in the type in which their labels were given."""
        return np.array(self.classes) if self.class_labels is None else self.class_labels

    @property
    def outputs(self) -> int:
        """Of a net: one for each class, or one for a number."""
        return len(self.classes) or 1

    @property
    def training_rows(self) -> range:
        """The rows of all batches that are not for testing, from 0."""
        return range(max(rows.stop for name, rows in self.batches.items() if name not in TESTING))

    @property
    def test_rows(self) -> range:
        """The rows to test on."""
        return next(rows for name, rows in self.batches.items() if name in TESTING)


def data_directory(option: Path | None = None) -> Path:
    """Where data is looked for: ``option``, else ``CHAINRULE_DATA``, else the user's cache.

    >>> data_directory(Path("elsewhere")).name
    'elsewhere'
    """
    variable = os.environ.get("CHAINRULE_DATA")
    chosen = option if option is not None else Path(variable) if variable else None
    if chosen is None:
        return platformdirs.user_cache_path("chainrule")
    try:
        return chosen.expanduser()
    except RuntimeError as error:
        raise DataError(f"{chosen}: names a user who has no home here; write the whole path") from error


def _batches(training: int, total: int) -> dict[str, range]:
    """Five training batches of ``training`` rows each, the rest for testing."""
    stops = [*(training * i for i in range(1, 6)), total]
    return {name: range(start, stop) for name, start, stop in zip(BATCHES, [0, *stops], stops, strict=False)}


def _digits(directory: Path, verify: bool) -> Dataset:
    images, labels = digits.read()
    images.flags.writeable = labels.flags.writeable = False
    return Dataset(
        name="digits",
        images=images,
        labels=labels,
        classes=tuple("0123456789"),
        shape=(1, 8, 8),
        max_value=16,
        batches=_batches(300, len(images)),
        checksum=cache.content_checksum(images, labels),
        official=True,
        directory=None,
    )


def _cifar10(directory: Path, verify: bool) -> Dataset:
    stored = find_cifar10(directory, verify)
    if stored is not None:
        return stored
    if cifar10.locate(directory) is None:
        raise DataError(
            f"{directory}: holds no CIFAR-10; run `chainrule data fetch cifar10` or `chainrule data import PATH`, "
            "or use `--dataset digits`"
        )
    try:
        return import_path(directory, directory)
    except StoreError as error:
        elsewhere = find_cifar10(directory, verify)
        if elsewhere is not None:
            # Another process parsed the same files at the same moment and was first.
            return elsewhere
        raise DataError(f"{error}, as in `chainrule data import {directory} --data-dir PLACE`") from error


DATASETS: dict[str, Callable[[Path, bool], Dataset]] = {"cifar10": _cifar10, "digits": _digits}
"""How to get each data set, from the data directory, verified or not."""


def require_known(name: str) -> None:
    """Raise a DataError unless there is a data set of this name."""
    if name not in DATASETS:
        raise DataError(f"no data set is named {name!r}; {suggestion(name, DATASETS)}")


def find_cifar10(directory: Path, verify: bool = True) -> Dataset | None:
    """The parsed CIFAR-10 in a data directory; ``None`` if there is none.

    Raises:
        DataError: there is one, and it is damaged.
    """
    folder = directory / "cifar10"
    settle(folder)
    if not os.path.lexists(folder):
        return None
    meta, arrays = cache.load(folder, verify)
    return Dataset(
        name=meta.name,
        images=arrays["images"],
        labels=arrays["labels"],
        classes=meta.classes,
        shape=meta.shape,
        max_value=meta.max_value,
        batches={name: range(*rows) for name, rows in meta.batches.items()},
        checksum=meta.checksum,
        official=meta.official,
        directory=folder,
    )


def load(name: str, directory: Path | None = None, verify: bool = True) -> Dataset:
    """Load a data set.

    CIFAR-10 is parsed and kept in ``DIRECTORY/cifar10`` the first time, from the official files in any published
    layout (unpacked or archive) that lie in the data directory; afterwards it is mapped from there.

    Args:
        name: ``cifar10`` or ``digits``.
        directory: the data directory; see :func:`data_directory` for where else it is looked for.
        verify: hash the stored arrays; worker processes need not do it again.

    Raises:
        DataError: the name is unknown, or the data is missing or damaged.

    >>> digits = load("digits")
    >>> digits.images.shape, digits.images.dtype.name, digits.max_value, len(digits.classes)
    ((1797, 64), 'uint8', 16, 10)
    >>> digits.batches["test_batch"]
    range(1500, 1797)
    """
    require_known(name)
    return DATASETS[name](data_directory(directory), verify)


def import_path(path: Path, directory: Path) -> Dataset:
    """Parse CIFAR-10 from its official files and keep it in ``directory/cifar10``, replacing what is there.

    Args:
        path: an official archive, the folder it unpacks to, or the folder that holds one of both.
        directory: the data directory.

    Raises:
        DataError: there is no CIFAR-10, or it is damaged, incomplete or unsafe to read.
        StoreError: the data directory cannot be written or the disk is full.
    """
    source = cifar10.read(path)
    total = len(source.images)
    meta = cache.Meta(
        name="cifar10",
        classes=source.classes,
        shape=(3, 32, 32),
        max_value=255,
        batches={name: (rows.start, rows.stop) for name, rows in _batches(total // 6, total).items()},
        checksum=cache.content_checksum(source.images, source.labels),
        official=source.official,
    )
    cache.write(directory / "cifar10", meta, source.images, source.labels)
    dataset = find_cifar10(directory, verify=False)
    if dataset is None:
        raise DataError(f"{directory}: the imported data is gone; import it again")
    return dataset
