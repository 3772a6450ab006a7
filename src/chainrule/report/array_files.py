"""Arrays in a file that anybody may have written, ``.npz`` or ``.npy``: none without a limit, no objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from chainrule import npz
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
        arrays = unpacked(data) if path.suffix.lower() == ".npz" else {path.stem: npz.array(data)}
    except Exception as error:  # the libraries that read these forms have no one error for what they are not
        reason = excerpt(str(error) or type(error).__name__)
        raise DataError(f"{path}: cannot be read as {path.suffix[1:]}: {reason}; write it again") from error
    numbers = {name: own for name, own in arrays.items() if own.dtype.kind in "fiu" and own.size}
    if not numbers:
        raise DataError(f"{path}: holds no array of numbers; write some with numpy.savez")
    return numbers


def unpacked(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an archive of as many and as large ones as are read here; see :func:`chainrule.npz.unpacked`."""
    return npz.unpacked(data, MOST, LARGEST_UNPACKED)
