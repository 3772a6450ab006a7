"""Arrays as NumPy packs them, from bytes of anybody's: none without a limit, no objects."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


@dataclass(frozen=True)
class PackedArray:
    """An array whose values have not been read yet.

    Attributes:
        shape: of all of it.
        by_columns: whether its values lie in Fortran's order, the first index changing first.
        dtype: of a value.
    """

    shape: tuple[int, ...]
    by_columns: bool
    dtype: np.dtype[Any]
    _stream: IO[bytes]

    def values(self, count: int) -> NDArray[Any]:
        """The next values, flat, as they lie.

        Raises:
            ValueError: it ends before.
        """
        data = self._stream.read(count * self.dtype.itemsize)
        if len(data) != count * self.dtype.itemsize:
            raise ValueError("an array in it ends too early")
        return np.frombuffer(data, self.dtype)

    def whole(self) -> NDArray[Any]:
        """All of it."""
        flat = self.values(math.prod(self.shape))
        return flat.reshape(self.shape, order="F" if self.by_columns else "C")


def packed(data: bytes | BinaryIO, most: int, largest: int) -> Iterator[tuple[str, PackedArray]]:
    """The arrays of an archive with their names, each to be read before the next one.

    Args:
        data: its content, or a file open to be read.
        most: how many arrays it may hold.
        largest: how many bytes these may take together.

    Raises:
        ValueError: it is packed otherwise than NumPy packs, or unpacks to too much.

    >>> file = io.BytesIO()
    >>> np.savez(file, x=np.arange(3))
    >>> [(name, array.shape, array.values(2).tolist()) for name, array in packed(file, most=10, largest=1000)]
    [('x', (3,), [0, 1])]
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
        for member in members:
            if member.filename.endswith(".npy"):
                with archive.open(member) as stream:
                    yield member.filename.removesuffix(".npy"), _opened(stream, member.file_size)


def unpacked(data: bytes | BinaryIO, most: int, largest: int) -> dict[str, NDArray[Any]]:
    """The arrays of an archive by name; see :func:`packed`.

    >>> file = io.BytesIO()
    >>> np.savez(file, x=np.arange(3))
    >>> unpacked(file.getvalue(), most=10, largest=1000)
    {'x': array([0, 1, 2])}
    """
    return {name: array.whole() for name, array in packed(data, most, largest)}


def array(data: bytes) -> NDArray[Any]:
    """One array, which is as large as it says.

    Raises:
        ValueError: it is not, or holds objects.
    """
    return _opened(io.BytesIO(data), len(data)).whole()


def _opened(stream: IO[bytes], size: int) -> PackedArray:
    """An array of so many bytes, its header included.

    Raises:
        ValueError: it has another size than it says, or holds objects.
    """
    shape, by_columns, dtype = _HEADERS[np.lib.format.read_magic(stream)](stream)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != size - stream.tell():
        raise ValueError("an array in it has another size than it says, or holds objects")
    return PackedArray(shape, by_columns, dtype, stream)
