"""Tiny CIFAR-10s in the three published layouts, as folders and as archives."""

from __future__ import annotations

import io
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import NDArray

from chainrule.data.layouts import BATCHES, BINARY, CLASSES, MATLAB, PYTHON, Layout

COUNT = 20
Bytes = NDArray[np.uint8]
Files = dict[str, bytes]


def arrays(count: int = COUNT) -> tuple[Bytes, Bytes]:
    """Images (6 * count, 3072) and labels (6 * count,), every class in each batch."""
    generator = np.random.Generator(np.random.PCG64(10))
    images = generator.integers(0, 256, (6 * count, 3072), np.uint8)
    return images, np.arange(6 * count, dtype=np.uint8) % 10


def text(value: str | bytes) -> bytes:
    """A Python 2 ``str``."""
    raw = value.encode("latin-1") if isinstance(value, str) else value
    return (b"U" + bytes([len(raw)]) if len(raw) < 256 else b"T" + struct.pack("<i", len(raw))) + raw


def integer(value: int) -> bytes:
    if value < 256:
        return b"K" + bytes([value])
    return b"M" + struct.pack("<H", value) if value < 65536 else b"J" + struct.pack("<i", value)


def listed(items: list[bytes]) -> bytes:
    return b"](" + b"".join(items) + b"e"


def array(
    values: Bytes, code: str = "u1", shape: tuple[int, ...] | None = None, fortran: bytes = b"\x89"
) -> bytes:
    """An ndarray as NumPy under Python 2 pickled it."""
    sizes = b"".join(map(integer, values.shape if shape is None else shape))
    tail = {1: b"\x85", 2: b"\x86", 3: b"\x87"}[len(values.shape if shape is None else shape)]
    return (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85"
        + text("b")
        + b"\x87R(K\x01"
        + sizes
        + tail
        + b"cnumpy\ndtype\nq\x03"
        + text(code)
        + b"K\x00K\x01\x87R(K\x03"
        + text("|")
        + b"NNN"
        + b"J\xff\xff\xff\xff" * 2
        + b"K\x00tb"
        + fortran
        + text(values.tobytes())
        + b"tb"
    )


def mapping(record: dict[str, bytes]) -> bytes:
    return b"\x80\x02}(" + b"".join(text(key) + value for key, value in record.items()) + b"u."


def batch(images: Bytes, labels: list[int] | Bytes) -> bytes:
    """A batch file as Python 2 wrote it."""
    return mapping(
        {
            "batch_label": text("training batch 1 of 5"),
            "labels": listed([integer(int(label)) for label in labels]),
            "data": array(images),
            "filenames": listed([text(f"image_s_{i:06d}.png") for i in range(len(images))]),
        }
    )


def _split(count: int) -> list[tuple[str, Bytes, Bytes]]:
    images, labels = arrays(count)
    rows = [slice(i * count, (i + 1) * count) for i in range(6)]
    return [(name, images[row], labels[row]) for name, row in zip(BATCHES, rows, strict=True)]


def python_files(count: int = COUNT) -> Files:
    files = {name: batch(images, labels) for name, images, labels in _split(count)}
    names = listed([text(name) for name in CLASSES])
    return {**files, "batches.meta": mapping({"num_cases_per_batch": integer(count), "label_names": names})}


def binary_files(count: int = COUNT) -> Files:
    files = {
        f"{name}.bin": np.hstack([labels[:, None], images]).tobytes()
        for name, images, labels in _split(count)
    }
    return {**files, "batches.meta.txt": ("\n".join(CLASSES) + "\n\n").encode()}


def _mat(record: dict[str, object], compress: bool) -> bytes:
    stream: Any = io.BytesIO()
    scipy.io.savemat(stream, record, do_compression=compress)
    return bytes(stream.getvalue())


def matlab_files(count: int = COUNT, compress: bool = True) -> Files:
    files = {
        f"{name}.mat": _mat({"data": images, "labels": labels[:, None], "batch_label": "one"}, compress)
        for name, images, labels in _split(count)
    }
    names = np.array(CLASSES, dtype=object)[:, None]
    return {**files, "batches.meta.mat": _mat({"label_names": names}, compress)}


FILES: dict[str, tuple[Layout, Callable[[], Files]]] = {
    "python": (PYTHON, python_files),
    "binary": (BINARY, binary_files),
    "matlab": (MATLAB, matlab_files),
    "matlab, not compressed": (MATLAB, lambda: matlab_files(compress=False)),
}


def write_folder(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def write_archive(path: Path, folder: str, files: Files) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        top = tarfile.TarInfo(folder)
        top.type = tarfile.DIRTYPE
        archive.addfile(top)
        for name, data in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path
