"""Restricted reader of MATLAB version 5 files: matrices of uint8 and cells of text, all that CIFAR-10 uses.

``scipy.io.loadmat`` trusts its input: SciPy 1.17 ends the process with a segmentation fault on a batch with a few
changed bytes, and allocates whatever size a cell claims. Here every size is held against the bytes that are there.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError
from chainrule.text import excerpt

LARGEST = 64 * 2**20
"""Bytes of the largest file read, and of all that its compressed parts unpack to."""

MOST_CELLS = 100

UINT8_VALUES, MATRIX, COMPRESSED = 2, 14, 15
CELL, CHAR, UINT8 = 1, 4, 9
ENCODINGS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16"}

MatlabValue = NDArray[np.uint8] | str | list[str] | None


class _Element(NamedTuple):
    kind: int
    content: memoryview
    end: int


class _Matrix(NamedTuple):
    kind: int
    dimensions: tuple[int, ...]
    name: str
    elements: memoryview


class _Reader:
    """Reads elements in the byte order of one file.

    Args:
        order: the byte order, ``<`` or ``>`` as :mod:`struct` writes it.
    """

    def __init__(self, order: str) -> None:
        self.order = order
        self.budget = LARGEST

    def element(self, data: memoryview, at: int) -> _Element:
        """The element at ``at``: its kind, its bytes and where the next one starts."""
        kind, size = struct.unpack_from(self.order + "II", data, at)
        if kind >> 16:  # the short form: size and kind in one word, up to four bytes in the other
            kind, size, start, end = kind & 0xFFFF, kind >> 16, at + 4, at + 8
        else:
            start, end = at + 8, at + 8 + size
            end += 0 if kind == COMPRESSED else -size % 8
        content = data[start : start + size]
        if len(content) != size or start + size > end:
            raise ValueError("it is cut off")
        return _Element(kind, content, end)

    def inflate(self, content: memoryview) -> memoryview:
        """Unpack a compressed element, within the budget of the file."""
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(content, self.budget + 1)
        self.budget -= len(plain)
        if self.budget < 0:
            raise ValueError(f"it unpacks to more than {LARGEST} bytes")
        if not unpacker.eof:
            raise ValueError("a compressed part of it is cut off")
        return memoryview(plain)

    def matrix(self, content: memoryview) -> _Matrix:
        """What the head of a matrix says; its values are not touched."""
        flags = self.element(content, 0)
        dimensions = self.element(content, flags.end)
        name = self.element(content, dimensions.end)
        count = len(dimensions.content) // 4
        return _Matrix(
            struct.unpack_from(self.order + "I", flags.content)[0] & 0xFF,
            struct.unpack_from(f"{self.order}{count}i", dimensions.content),
            bytes(name.content).decode("latin-1"),
            content[name.end :],
        )

    def value(self, matrix: _Matrix) -> MatlabValue:
        """The values of a matrix; ``None`` for kinds that CIFAR-10 does not use."""
        if matrix.kind == UINT8:
            return self.numbers(matrix)
        if matrix.kind == CHAR:
            return self.text(matrix)
        return self.cell(matrix) if matrix.kind == CELL else None

    def numbers(self, matrix: _Matrix) -> NDArray[np.uint8]:
        stored = self.element(matrix.elements, 0)
        if stored.kind != UINT8_VALUES or min(matrix.dimensions, default=-1) < 0:
            raise ValueError("a matrix in it is not of plain uint8")
        if math.prod(matrix.dimensions) != len(stored.content):
            raise ValueError("a matrix in it has another size than it says")
        return np.frombuffer(stored.content, np.uint8).reshape(matrix.dimensions, order="F")

    def text(self, matrix: _Matrix) -> str:
        stored = self.element(matrix.elements, 0)
        if matrix.dimensions[:1] > (1,):
            raise ValueError("a text in it has several rows")
        encoding = ENCODINGS[stored.kind]
        if encoding == "utf-16":
            encoding += "-le" if self.order == "<" else "-be"
        return bytes(stored.content).decode(encoding)

    def cell(self, matrix: _Matrix) -> list[str]:
        count = math.prod(matrix.dimensions)
        if not 0 <= count <= MOST_CELLS:
            raise ValueError(f"a cell array in it claims {count} cells")
        texts, at = [], 0
        for _ in range(count):
            element = self.element(matrix.elements, at)
            inner = self.matrix(element.content)
            if element.kind != MATRIX or inner.kind != CHAR:
                raise ValueError("a cell array in it holds something other than text")
            texts.append(self.text(inner))
            at = element.end
        return texts


def _variables(data: memoryview, wanted: Collection[str]) -> dict[str, MatlabValue]:
    order = {b"IM": "<", b"MI": ">"}.get(bytes(data[126:128]))
    if order is None or struct.unpack_from(order + "H", data, 124)[0] != 0x0100:
        raise ValueError("it is no MATLAB file of version 5 to 7")
    reader, at = _Reader(order), 128
    values: dict[str, MatlabValue] = {}
    while at < len(data):
        element = reader.element(data, at)
        at = element.end
        if element.kind == COMPRESSED:
            element = reader.element(reader.inflate(element.content), 0)
        if element.kind != MATRIX:
            raise ValueError("it holds something other than matrices")
        matrix = reader.matrix(element.content)
        if matrix.name in wanted:
            values[matrix.name] = reader.value(matrix)
    return values


def read_matlab(data: bytes, name: str, wanted: Collection[str]) -> dict[str, MatlabValue]:
    """The wanted variables of a MATLAB file (version 5 to 7, compressed or not), in either byte order.

    Args:
        data: the whole file.
        name: the file's name, for messages.
        wanted: names of variables; others are passed over, absent ones are left out.

    Returns:
        A read-only uint8 array, a text, or a list of texts for each; ``None`` for any other kind of value.

    Raises:
        DataError: the file is too large, damaged or not of this format.
    """
    if len(data) > LARGEST:
        raise DataError(f"{name}: is larger than any CIFAR-10 batch; give the official file")
    try:
        return _variables(memoryview(data), wanted)
    except Exception as error:
        reason = excerpt(str(error) or type(error).__name__)
        raise DataError(f"{name}: damaged or no CIFAR-10 batch: {reason}; copy or fetch it again") from error
