"""Arrays as NumPy packs them, from bytes of anybody's: none without a limit, no objects."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpacked(data: bytes | BinaryIO, most: int, largest: int) -> dict[str, NDArray[Any]]:
    """The arrays of an archive by name.

    Args:
        data: its content, or a file open to be read.
        most: how many arrays it may hold.
        largest: how many bytes these may take together.

    Raises:
        ValueError: it is packed otherwise than NumPy packs, or unpacks to too much.

    >>> file = io.BytesIO()
    >>> np.savez(file, x=np.arange(3))
    >>> unpacked(file.getvalue(), most=10, largest=1000)
    {'x': array([0, 1, 2])}
    """
    with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
        members = archive.infolist()
        if len(members) > most:
            raise ValueError(f"it has {len(members)} arrays, more than {most}")
        if sum(member.file_size for member in members) > largest:
            raise ValueError(f"it unpacks to more than {largest} bytes")
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
    shape, by_columns, dtype = headers[np.lib.format.read_magic(file)](file)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(data) - file.tell():
        raise ValueError("an array in it has another size than it says, or holds objects")
    whole = np.frombuffer(data, dtype, offset=file.tell())
    return whole.reshape(shape, order="F" if by_columns else "C")
