"""Parsed data sets on disk: two arrays that are mapped into memory, and a file that describes them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from chainrule.arrays import Images, Labels
from chainrule.chosen import blocks
from chainrule.errors import DataError
from chainrule.files import write_directory
from chainrule.inputs import opened, read_bytes
from chainrule.text import one_line

META = "meta.json"
LARGEST_META = 2**20
LARGEST = 2**40
"""Bytes of the largest arrays; they are mapped, not read."""

_REPAIR = "import it again: `chainrule data import PATH` or `chainrule data fetch cifar10`"
ARRAYS = ("images", "labels")


class StoredFile(BaseModel):
    """Size in bytes and SHA-256 of one file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    size: int
    sha256: str


class Meta(BaseModel):
    """What ``meta.json`` says of the arrays beside it.

    Attributes:
        classes: class names in the order of the labels.
        shape: channels, height and width of an image.
        max_value: the largest value a pixel can have.
        batches: first row and row after the last of each batch.
        checksum: SHA-256 over the images' bytes, then the labels'.
        official: whether the source's checksums were the official ones; ``None``: none is published.
        files: the array files.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    version: Literal[1] = 1
    name: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    max_value: int
    batches: dict[str, tuple[int, int]]
    checksum: str
    official: bool | None
    files: dict[str, StoredFile] = {}


StoredArrays = Mapping[str, NDArray[np.uint8]]


def content_checksum(images: Images, labels: Labels) -> str:
    """SHA-256 over the bytes of images (N, D), then of labels (N,), by rows."""
    digest = hashlib.sha256()
    for block in blocks(images):
        digest.update(np.ascontiguousarray(block).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()


def _stored(path: Path) -> StoredFile:
    with opened(path, LARGEST, DataError, _REPAIR) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return StoredFile(size=file.tell(), sha256=digest)


def write(directory: Path, meta: Meta, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    """Store a parsed data set in ``directory``, replacing what is there; an interruption leaves the old.

    Args:
        directory: the folder of this data set alone.
        meta: describes the arrays; ``files`` is filled in here.
        images: uint8 (N, D).
        labels: uint8 (N,).

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """

    def fill(folder: Path) -> None:
        files = {}
        for key, array in (("images", images), ("labels", labels)):
            np.save(folder / f"{key}.npy", array, allow_pickle=False)
            files[f"{key}.npy"] = _stored(folder / f"{key}.npy")
        described = meta.model_copy(update={"files": files})
        (folder / META).write_text(described.model_dump_json(indent=1) + "\n", encoding="utf-8")

    write_directory(directory, fill)


def _open(path: Path, stored: StoredFile, shape: tuple[int, ...], verify: bool) -> NDArray[np.uint8]:
    """Map one array file, once its size, header and (to verify) checksum are as described."""
    with opened(path, LARGEST, DataError, _REPAIR) as file:
        size = file.seek(0, os.SEEK_END)
    if size != stored.size:
        raise ValueError(f"{path.name} has {size} bytes, not {stored.size}")
    if verify and _stored(path) != stored:
        raise ValueError(f"{path.name} has another SHA-256 than when it was written")
    array: NDArray[np.uint8] = np.lib.format.open_memmap(path, mode="r")
    if array.dtype != np.uint8 or array.shape != shape or not array.flags.c_contiguous:
        raise ValueError(f"{path.name} holds {array.dtype} {array.shape}, not uint8 {shape}")
    return array


def _read(directory: Path, verify: bool) -> tuple[Meta, StoredArrays]:
    meta = Meta.model_validate_json(read_bytes(directory / META, LARGEST_META, DataError, _REPAIR))
    rows = 0
    for start, stop in meta.batches.values():
        if start != rows or stop < start:
            raise ValueError(f"{META}: batches: rows are not one after the other")
        rows = stop
    shapes = {"images": (rows, int(np.prod(meta.shape))), "labels": (rows,)}
    arrays = {
        key: _open(directory / f"{key}.npy", meta.files[f"{key}.npy"], shapes[key], verify) for key in ARRAYS
    }
    if arrays["labels"].max() >= len(meta.classes):
        raise ValueError(f"labels.npy holds labels beyond {len(meta.classes) - 1}")
    return meta, arrays


def load(directory: Path, verify: bool = True) -> tuple[Meta, StoredArrays]:
    """Map a stored data set into memory, read-only.

    Args:
        directory: the folder that :func:`write` filled.
        verify: hash both files; without, only sizes and headers are checked (for worker processes, when the
            parent has verified).

    Returns:
        The description, and ``images`` uint8 (N, D) and ``labels`` uint8 (N,).

    Raises:
        DataError: a file is missing, damaged or of another version.
    """
    try:
        return _read(directory, verify)
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join(filter(None, [META, ".".join(map(str, first["loc"])), first["msg"]]))
        raise DataError(_damaged(directory, problem)) from error
    except DataError:
        raise
    except Exception as error:
        raise DataError(_damaged(directory, str(error) or type(error).__name__)) from error


def _damaged(directory: Path, problem: str) -> str:
    return f"{directory}: damaged: {one_line(problem, 200)}; {_REPAIR}"
