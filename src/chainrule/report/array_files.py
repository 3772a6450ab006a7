"""Arrays in a file that anybody may have written, ``.npz`` or ``.npy``: none without a limit, no objects."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError
from chainrule.inputs import read_bytes
from chainrule.text import excerpt

LARGEST = 32 * 2**20
"""Bytes of the largest file."""

LARGEST_UNPACKED = 64 * 2**20
"""Bytes of all arrays of an archive."""

MOST = 20_000
"""Arrays of an archive."""

SUFFIXES = (".npz", ".npy")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of numbers in a file, by name; that of a ``.npy`` file has the file's.

    Raises:
        DataError: it cannot be read, is too large, or holds no array of numbers.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise DataError(
            f"{path}: is no {' or '.join(SUFFIXES)} file; write arrays with numpy.savez or numpy.save"
        )
    data = read_bytes(path, LARGEST, DataError, f"give a file of at most {LARGEST // 2**20} MB")
    try:
        arrays = unpacked(data) if path.suffix.lower() == ".npz" else {path.stem: array(data)}
    except Exception as error:  # the libraries that read these forms have no one error for what they are not
        reason = excerpt(str(error) or type(error).__name__)
        raise DataError(f"{path}: cannot be read as {path.suffix[1:]}: {reason}; write it again") from error
    numbers = {name: own for name, own in arrays.items() if own.dtype.kind in "fiu" and own.size}
    if not numbers:
        raise DataError(f"{path}: holds no array of numbers; write some with numpy.savez")
    return numbers


def unpacked(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an archive.

    Raises:
        ValueError: it is packed otherwise than NumPy packs, or unpacks to too much.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MOST:
            raise ValueError(f"it has {len(members)} arrays, more than {MOST}")
        if sum(member.file_size for member in members) > LARGEST_UNPACKED:
            raise ValueError(f"it unpacks to more than {LARGEST_UNPACKED} bytes")
        # An encrypted one, or one of another packing, which can grow without bounds, is no array's.
        if any(member.flag_bits & 1 or member.compress_type not in _PACKINGS for member in members):
            raise ValueError("it is packed as no array is")
        named = [member for member in members if member.filename.endswith(".npy")]
        return {member.filename.removesuffix(".npy"): array(archive.read(member)) for member in named}


def array(data: bytes) -> NDArray[Any]:
    """One array, which is as large as it says.

    Raises:
        ValueError: it is not, or holds objects.
    """
    file = io.BytesIO(data)
    headers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    shape, _, dtype = headers[np.lib.format.read_magic(file)](file)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(data) - file.tell():
        raise ValueError("an array in it has another size than it says, or holds objects")
    return np.load(io.BytesIO(data), allow_pickle=False)  # type: ignore[no-any-return]
