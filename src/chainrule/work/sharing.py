"""What tasks get of a data set: nothing is sent that they can find, and no table is sent with every task."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.chosen import ChosenRows, blocks
from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.errors import DataError
from chainrule.files import reported
from chainrule.work import scratch
from chainrule.work.executors import Executor, InProcess


@dataclass(frozen=True)
class Located:
    """A data set by its name and the data directory."""

    name: str
    directory: Path


@dataclass(frozen=True)
class Mapped:
    """A data set of one's own, whose arrays lie in a folder while it is trained on.

    Attributes:
        described: all of it but its arrays.
        folder: holds ``images.npy``, ``labels.npy`` and, where rows have weights, ``weights.npy``.
    """

    described: Dataset
    folder: Path


Shared = Located | Mapped | Dataset


@contextlib.contextmanager
def shared(dataset: Dataset, directory: Path, executor: Executor) -> Iterator[Shared]:
    """What tasks get of a data set while they run.

    That is all of it where they run in this process, or see no files of this machine; else where it lies, which for
    one of one's own is a temporary folder.

    Args:
        dataset: whole.
        directory: the data directory, where workers find those that are known by name.
        executor: what runs the tasks.

    Raises:
        StoreError: there is no room for a temporary folder.
    """
    if isinstance(executor, InProcess) or not executor.sees_files:
        yield dataset
    elif dataset.name in datasets.DATASETS:
        yield Located(dataset.name, directory)
    else:
        with scratch.folder() as folder:
            yield _mapped(dataset, folder)


def _mapped(dataset: Dataset, folder: Path) -> Mapped:
    names = _arrays(dataset)
    left_out: dict[str, Any] = dict.fromkeys(names, np.empty(0, np.uint8))
    with reported(folder, "write"):
        for name in names:
            _write(folder / f"{name}.npy", getattr(dataset, name))
    return Mapped(dataclasses.replace(dataset, **left_out), folder)


def _write(path: Path, array: Array | ChosenRows) -> None:
    """Written, not mapped: where the disk is full a file refuses, while a map ends the process."""
    form = {
        "descr": np.lib.format.dtype_to_descr(array.dtype),
        "fortran_order": False,
        "shape": array.shape,
    }
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, form)
        for block in blocks(array):
            file.write(np.ascontiguousarray(block).data)


def _arrays(dataset: Dataset) -> list[str]:
    return [name for name in ("images", "labels", "weights") if getattr(dataset, name) is not None]


def opened(data: Shared) -> Dataset:
    """The data set, in a task.

    Raises:
        DataError: it is gone or damaged.
    """
    if isinstance(data, Located):
        return datasets.load(data.name, data.directory, verify=False)
    if isinstance(data, Dataset):
        return data
    try:
        arrays = {
            name: np.load(data.folder / f"{name}.npy", mmap_mode="r") for name in _arrays(data.described)
        }
    except (OSError, ValueError) as error:
        raise DataError(f"{data.folder}: the rows of {data.described.name} are gone; run again") from error
    return dataclasses.replace(data.described, **arrays)
