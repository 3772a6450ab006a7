"""ReadArrays in a file that anybody may have written: none without a limit, no objects, no code that runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule import matlab, npz
from chainrule.errors import DataError, SettingsError, suggestion
from chainrule.inputs import decoded, parsed_json, read_bytes
from chainrule.text import excerpt

LARGEST = 32 * 2**20
"""Bytes of the largest file."""

LARGEST_UNPACKED = 64 * 2**20
"""Bytes of all arrays of an archive."""

MOST = 20_000
"""ReadArrays of an archive."""

ReadArrays = dict[str, NDArray[Any]]

UNREADABLE = {
    **dict.fromkeys(
        (".pkl", ".pickle", ".joblib"), "to read a pickle may run code; where it was made: {written}"
    ),
    **dict.fromkeys(
        (".pt", ".pth"), "to read a pickle may run code; where it was made, with .numpy(): {written}"
    ),
    **dict.fromkeys(
        (".h5", ".hdf5", ".keras"), "HDF5 is not read; where it was made, with get_weights(): {written}"
    ),
}
"""Forms that nets are often kept in, and what to do with them: ``{written}`` is what writes one that is read."""


def read_arrays(path: Path) -> ReadArrays:
    """The arrays in a file, by name; that of a file that holds one without a name has the file's.

    ``.npz``, ``.npy``; ``.mat`` of MATLAB (version 5 to 7); ``.json``, nested lists, or an object of such; ``.csv``,
    ``.tsv`` and ``.txt``, a line a row, as ``numpy.savetxt`` writes it.

    Raises:
        DataError: it cannot be read, is too large, or holds no array of numbers.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise DataError(refusal(path, tuple(READERS), "numpy.savez('net.npz', W=W)"))
    data = read_bytes(path, LARGEST, DataError, f"give a file of at most {LARGEST // 2**20} MB")
    try:
        arrays = {name or path.stem: own for name, own in READERS[suffix](data).items()}
    except Exception as error:  # the libraries that read these forms have no one error for what they are not
        reason = excerpt(str(error) or type(error).__name__)
        raise DataError(f"{path}: cannot be read as {path.suffix[1:]}: {reason}; write it again") from error
    if not of_numbers(arrays):
        raise DataError(f"{path}: holds no array of numbers; write some with numpy.savez")
    return arrays


def of_numbers(arrays: Mapping[str, NDArray[Any]]) -> ReadArrays:
    """Those of real numbers that hold some.

    >>> list(of_numbers({"W": np.ones(2), "names": np.array(["a"]), "none": np.ones(0)}))
    ['W']
    """
    return {name: own for name, own in arrays.items() if own.dtype.kind in "fiu" and own.size}


def named(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    """The array of numbers of this name.

    Raises:
        SettingsError: it is not there, or holds no numbers.

    >>> named({"W": np.ones(2)}, "W").tolist()
    [1.0, 1.0]
    """
    numbers = of_numbers(arrays)
    if name in numbers:
        return numbers[name]
    shown = f"array '{excerpt(name)}'"
    if name not in arrays:
        raise SettingsError(f"{shown}: is not there; {suggestion(name, numbers)}")
    if not arrays[name].size:
        raise SettingsError(f"{shown}: is empty; write what it should hold")
    raise SettingsError(f"{shown}: holds {arrays[name].dtype}, no real numbers; write it as float64")


def refusal(path: Path, suffixes: tuple[str, ...], written: str) -> str:
    """Why a file of another form is not read, and what to do: ``written`` is a line that writes one that is."""
    why = UNREADABLE.get(path.suffix.lower(), "write it as one of these, as with {written}").format(
        written=written
    )
    return f"{path}: is no {', '.join(suffixes)} file; {why}"


def unpacked(data: bytes) -> ReadArrays:
    """The arrays of an archive of as many and as large ones as are read here; see :func:`chainrule.npz.unpacked`."""
    return npz.unpacked(data, MOST, LARGEST_UNPACKED)


def of_matlab(data: bytes) -> ReadArrays:
    """The arrays of a MATLAB file; what it holds beside them is passed over."""
    return {name: own for name, own in matlab.variables(data).items() if isinstance(own, np.ndarray)}


def _of_array(data: bytes) -> ReadArrays:
    return {"": npz.array(data)}


def _of_json(data: bytes) -> ReadArrays:
    """Nested lists of equal lengths, by the keys that lead to them: ``params.W`` of an object in an object."""
    found: ReadArrays = {}
    waiting = [("", parsed_json(data))]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{name}.{key}" if name else key, own) for key, own in reversed(value.items())]
        elif isinstance(value, list) and (array := _rectangular(value)) is not None:
            found[name] = array
    return found


def _rectangular(values: list[Any]) -> NDArray[Any] | None:
    try:
        array = np.array(values)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "fiu" else None


def _of_text(data: bytes) -> ReadArrays:
    """A line a row of numbers, with commas, semicolons (then commas may be points), tabs or spaces between; lines that
    begin with # and a first line of names are passed over."""
    lines = [line.strip() for line in decoded(data).splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    mark = next((mark for mark in ";\t," if lines and mark in lines[-1]), None)
    rows = [line.split(mark) for line in lines]
    if rows and not _are_numbers(rows[0]):
        rows = rows[1:]
    comma = mark == ";"
    return {"": np.array([[float(c.replace(",", ".") if comma else c) for c in row] for row in rows])}


def _are_numbers(cells: list[str]) -> bool:
    return all(re.match(r"\s*[-+.]?(\d|nan|inf)", cell, re.IGNORECASE) for cell in cells)


READERS: dict[str, Callable[[bytes], ReadArrays]] = {
    ".npz": unpacked, ".npy": _of_array, ".mat": of_matlab, ".json": _of_json,
    ".csv": _of_text, ".tsv": _of_text, ".txt": _of_text,
}  # fmt: skip
"""What reads a form, by the suffix of its files; an array without a name has an empty one."""
