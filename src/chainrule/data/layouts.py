"""The three layouts CIFAR-10 is published in: which files there are, and how one of them becomes arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule import matlab
from chainrule.data.pickles import read_pickle
from chainrule.errors import DataError
from chainrule.text import excerpt

BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch")
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
PIXELS = 3072

ImagesAndLabels = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""Images (N, 3072) and labels (N,)."""


@dataclass(frozen=True)
class Layout:
    """One published form of CIFAR-10.

    Attributes:
        title: its name in messages.
        folder: the folder inside of the archive.
        suffix: what the names of batch files end in.
        meta: the file of class names.
        archive: the archive's name.
        archive_md5, archive_sha256: its official sums; empty where none is published.
        batch: bytes and name of a batch file -> images and labels as stored, shapes and ranges unchecked.
        names: bytes and name of the meta file -> class names as stored.
    """

    title: str
    folder: str
    suffix: str
    meta: str
    archive: str
    archive_md5: str
    archive_sha256: str
    batch: Callable[[bytes, str], tuple[Any, Any]]
    names: Callable[[bytes, str], Any]

    @property
    def files(self) -> tuple[str, ...]:
        """The six batch files, training first, then the meta file."""
        return (*(batch + self.suffix for batch in BATCHES), self.meta)


def _python_batch(data: bytes, name: str) -> tuple[Any, Any]:
    record = read_pickle(data, name)
    return record.get("data"), record.get("labels")


def _python_names(data: bytes, name: str) -> Any:
    return read_pickle(data, name).get("label_names")


def _binary_batch(data: bytes, name: str) -> tuple[Any, Any]:
    if len(data) % (1 + PIXELS):
        raise DataError(
            f"{name}: {len(data)} bytes are no whole records of {1 + PIXELS}; copy or fetch it again"
        )
    records = np.frombuffer(data, np.uint8).reshape(-1, 1 + PIXELS)
    return records[:, 1:], records[:, 0]


def _binary_names(data: bytes, name: str) -> Any:
    return data[:1000].split()


def read_matlab(data: bytes, name: str, wanted: Collection[str]) -> dict[str, matlab.MatlabValue]:
    """The wanted variables of a MATLAB file called ``name``; see :func:`chainrule.matlab.variables`.

    Raises:
        DataError: the file is too large, damaged or not of this format.
    """
    try:
        return matlab.variables(data, wanted)
    except Exception as error:
        reason = excerpt(str(error) or type(error).__name__)
        raise DataError(f"{name}: damaged or no CIFAR-10 batch: {reason}; copy or fetch it again") from error


def _matlab_batch(data: bytes, name: str) -> tuple[Any, Any]:
    record = read_matlab(data, name, ("data", "labels"))
    labels = record.get("labels")
    return record.get("data"), labels.ravel() if isinstance(labels, np.ndarray) else labels


def _matlab_names(data: bytes, name: str) -> Any:
    return read_matlab(data, name, ("label_names",)).get("label_names")


PYTHON = Layout(
    "python",
    "cifar-10-batches-py",
    "",
    "batches.meta",
    "cifar-10-python.tar.gz",
    "c58f30108f718f92721af3b95e74349a",
    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    _python_batch,
    _python_names,
)
BINARY = Layout(
    "binary",
    "cifar-10-batches-bin",
    ".bin",
    "batches.meta.txt",
    "cifar-10-binary.tar.gz",
    "c32a1d4ab5d03f1284b67883e8d87530",
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    _binary_batch,
    _binary_names,
)
MATLAB = Layout(
    "MATLAB",
    "cifar-10-batches-mat",
    ".mat",
    "batches.meta.mat",
    "cifar-10-matlab.tar.gz",
    "70270af85842c9e89bb428ec9976c926",
    "",
    _matlab_batch,
    _matlab_names,
)
LAYOUTS = (PYTHON, BINARY, MATLAB)

PYTHON_MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
"""Official sums of the unpacked python files; for those of the other layouts none is published."""


def read_batch(layout: Layout, data: bytes, name: str, count: int) -> ImagesAndLabels:
    """Images (count, 3072) and labels (count,) of one batch file, both uint8.

    Args:
        layout: the layout the file is of.
        data: the whole file.
        name: the file's name, for messages.
        count: images that the batch must have.

    Raises:
        DataError: the file is damaged, unsafe, or its images or labels are not CIFAR-10's.
    """
    images, labels = layout.batch(data, name)
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 2:
        raise DataError(f"{name}: has no matrix 'data' of uint8 images; give the official file")
    if images.shape[1] != PIXELS:
        raise DataError(f"{name}: images have {images.shape[1]} values, not {PIXELS}; give the official file")
    if len(images) != count:
        raise DataError(f"{name}: has {len(images)} images, a batch has {count}; copy or fetch it again")
    return images, _labels(labels, name, count)


def _labels(labels: Any, name: str, count: int) -> NDArray[np.uint8]:
    """Labels from a list of integers or an array of uint8, checked."""
    listed = isinstance(labels, list) and all(type(label) is int for label in labels)
    if not listed and not (isinstance(labels, np.ndarray) and labels.dtype == np.uint8 and labels.ndim == 1):
        raise DataError(f"{name}: has no list 'labels' of integers; give the official file")
    if len(labels) != count:
        raise DataError(f"{name}: has {len(labels)} labels for {count} images; copy or fetch it again")
    wrong = [int(label) for label in labels if not 0 <= label < len(CLASSES)]
    if wrong:
        raise DataError(f"{name}: label {wrong[0]} is not in 0..9; give the official file")
    return np.asarray(labels, np.uint8)


def read_classes(layout: Layout, data: bytes, name: str) -> tuple[str, ...]:
    """The ten class names in the order of the labels, from the meta file.

    Raises:
        DataError: the file is damaged, unsafe, or does not hold ten different plain names.
    """
    names = layout.names(data, name)
    texts = (
        [n.decode("latin-1") if isinstance(n, bytes) else n for n in names] if isinstance(names, list) else []
    )
    plain = all(isinstance(text, str) and text.isascii() and text.isprintable() for text in texts)
    if not plain or len(texts) != len(CLASSES) or len(set(texts)) != len(texts) or max(map(len, texts)) > 30:
        told = ", ".join(excerpt(text) for text in texts[:2] if isinstance(text, str)) or "nothing"
        raise DataError(f"{name}: holds no ten class names (but {told} ...); give the official file")
    return tuple(texts)
