"""MATLAB files of version 5 to 7, from bytes of anybody's: arrays of numbers, texts and cells of text, within limits.

``scipy.io.loadmat`` trusts its input: SciPy 1.17 ends the process with a segmentation fault on a file with a few
changed bytes, and allocates whatever size a cell claims. Here every size is held against the bytes that are there.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LARGEST = 64 * 2**20
"""Bytes of the largest file read, and of all that its compressed parts unpack to."""

MOST_CELLS = 100

MATRIX, COMPRESSED = 14, 15
STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""Kinds of elements that hold numbers, as dtypes without byte order."""

CELL, CHAR = 1, 4
NUMBERS = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
"""Classes of matrices that hold numbers; what is stored of them may be of a smaller kind."""

COMPLEX = 0x0800
"""The flag of a matrix that has an imaginary part."""

ENCODINGS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16"}

MatlabValue = NDArray[Any] | str | list[str] | None


class _Element(NamedTuple):
    kind: int
    content: memoryview
    end: int


class _Matrix(NamedTuple):
    kind: int
    complex: bool
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
        word = struct.unpack_from(self.order + "I", flags.content)[0]
        return _Matrix(
            word & 0xFF,
            bool(word & COMPLEX),
            struct.unpack_from(f"{self.order}{count}i", dimensions.content),
            bytes(name.content).decode("latin-1"),
            content[name.end :],
        )

    def value(self, matrix: _Matrix) -> MatlabValue:
        """The values of a matrix; ``None`` for complex numbers, structures and other kinds."""
        if matrix.kind in NUMBERS and not matrix.complex:
            return self.numbers(matrix)
        if matrix.kind == CHAR:
            return self.text(matrix)
        return self.cell(matrix) if matrix.kind == CELL else None

    def numbers(self, matrix: _Matrix) -> NDArray[Any]:
        stored, own = self.element(matrix.elements, 0), np.dtype(NUMBERS[matrix.kind])
        kind = np.dtype(self.order + STORED[stored.kind]) if stored.kind in STORED else None
        if kind is None or kind.itemsize > own.itemsize or min(matrix.dimensions, default=-1) < 0:
            raise ValueError("a matrix in it is not of plain numbers")
        if math.prod(matrix.dimensions) * kind.itemsize != len(stored.content):
            raise ValueError("a matrix in it has another size than it says")
        values = np.frombuffer(stored.content, kind).reshape(matrix.dimensions, order="F")
        return values.astype(own, copy=False)

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


def variables(data: bytes, wanted: Collection[str] | None = None) -> dict[str, MatlabValue]:
    """The variables of a MATLAB file (version 5 to 7, compressed or not), in either byte order.

    Args:
        data: the whole file.
        wanted: names of variables; others are passed over, absent ones are left out. None: all.

    Returns:
        An array (a matrix has two axes at least), a text, or a list of texts for each; ``None`` for any other kind of
        value.

    Raises:
        ValueError: it is larger than :data:`LARGEST`, unpacks to more, or is no such file; where it is damaged it may
            be any other exception of what reads its parts.

    >>> try:
    ...     variables(b"MATLAB 7.3")
    ... except ValueError as error:
    ...     print(error)
    it is no MATLAB file of version 5 to 7
    """
    if len(data) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST} bytes")
    view = memoryview(data)
    order = {b"IM": "<", b"MI": ">"}.get(bytes(view[126:128]))
    if order is None or struct.unpack_from(order + "H", view, 124)[0] != 0x0100:
        raise ValueError("it is no MATLAB file of version 5 to 7")
    reader, at = _Reader(order), 128
    values: dict[str, MatlabValue] = {}
    while at < len(view):
        element = reader.element(view, at)
        at = element.end
        if element.kind == COMPRESSED:
            element = reader.element(reader.inflate(element.content), 0)
        if element.kind != MATRIX:
            raise ValueError("it holds something other than matrices")
        matrix = reader.matrix(element.content)
        if wanted is None or matrix.name in wanted:
            values[matrix.name] = reader.value(matrix)
    return values
