"""MATLAB files give what scipy reads; sizes that lie are refused."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from hypothesis import given
from hypothesis import strategies as st

from chainrule import matlab
from chainrule.data.layouts import CLASSES, read_matlab
from chainrule.errors import DataError
from support.archives import matlab_files

WANTED = ("data", "labels", "label_names")
HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM"


def _element(kind: int, content: bytes) -> bytes:
    return struct.pack("<II", kind, len(content)) + content + bytes(-len(content) % 8)


def _matrix(kind: int, dimensions: tuple[int, ...], values: bytes, name: str = "data") -> bytes:
    flags = _element(6, struct.pack("<II", kind, 0))
    sizes = _element(5, struct.pack(f"<{len(dimensions)}i", *dimensions))
    return _element(14, flags + sizes + _element(1, name.encode()) + values)


def _compressed(content: bytes) -> bytes:
    return struct.pack("<II", 15, len(zlib.compress(content))) + zlib.compress(content)


@pytest.mark.parametrize("compress", [True, False])
def test_reads_what_scipy_reads(compress: bool) -> None:
    for name, data in matlab_files(3, compress).items():
        found = read_matlab(data, name, WANTED)
        peer: dict[str, Any] = scipy.io.loadmat(io.BytesIO(data))  # type: ignore[arg-type]
        if name == "batches.meta.mat":
            assert found == {"label_names": list(CLASSES)}
        else:
            assert np.array_equal(found["data"], peer["data"])  # type: ignore[arg-type]
            assert np.array_equal(found["labels"], peer["labels"])  # type: ignore[arg-type]


def test_reads_the_other_byte_order() -> None:
    flags = struct.pack(">IIII", 6, 8, 9, 0)
    sizes = struct.pack(">IIii", 5, 8, 1, 2)
    content = flags + sizes + struct.pack(">HH4s", 4, 1, b"data") + struct.pack(">HH4s", 2, 2, b"\x07\x08")
    data = HEADER[:124] + b"\x01\x00MI" + struct.pack(">II", 14, len(content)) + content
    assert np.array_equal(read_matlab(data, "big", WANTED)["data"], [[7, 8]])  # type: ignore[arg-type]


@pytest.mark.parametrize("compress", [True, False])
def test_numbers_of_every_kind_are_read_as_scipy_reads_them(compress: bool) -> None:
    generator = np.random.default_rng(0)
    kinds = ["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
    written = {kind: (100 * generator.random((2, 3, 4))).astype(kind) for kind in kinds}
    file = io.BytesIO()
    scipy.io.savemat(file, {**written, "vector": np.arange(3.0), "s": {"field": 1}}, do_compression=compress)
    read = matlab.variables(file.getvalue())
    assert read["s"] is None
    assert read["vector"].tolist() == [[0, 1, 2]]  # type: ignore[union-attr]
    for kind, values in written.items():
        assert read[kind].dtype == values.dtype  # type: ignore[union-attr]
        assert np.array_equal(read[kind], values)  # type: ignore[arg-type]


def test_whole_doubles_that_matlab_stores_as_bytes_are_doubles() -> None:
    read = matlab.variables(HEADER + _matrix(6, (1, 3), _element(2, b"\x01\x02\xff")))["data"]
    assert read.dtype == np.float64  # type: ignore[union-attr]
    assert read.tolist() == [[1, 2, 255]]  # type: ignore[union-attr]


GENUINE = Path(scipy.io.__file__).parent / "matlab" / "tests" / "data"


@pytest.mark.skipif(not GENUINE.is_dir(), reason="scipy was installed without its test files")
def test_reads_what_matlab_wrote() -> None:
    def values(file: str, name: str) -> object:
        return read_matlab((GENUINE / file).read_bytes(), file, (name,))[name]

    for version in ("6.1_SOL2", "6.5.1_GLNX86", "7.1_GLNX86", "7.4_GLNX86"):
        told = values(f"teststring_{version}.mat", "teststring")
        assert told == '"Do nine men interpret?" "Nine men," I nod.'
    assert values("big_endian.mat", "strings") == values("little_endian.mat", "strings") == ["hello", "world"]
    assert np.array_equal(values("testbool_8_WIN64.mat", "testbools"), [[1], [0]])  # type: ignore[arg-type]


HOSTILE = {
    "empty": b"",
    "header alone of version 7.3": HEADER[:124] + struct.pack("<H", 0x0200) + b"IM",
    "a matrix of 2**31 rows": HEADER + _matrix(9, (2**31 - 1, 3072), _element(2, b"1234")),
    "a negative axis": HEADER + _matrix(9, (-2, -2), _element(2, b"1234")),
    "no axis": HEADER + _matrix(9, (), _element(2, b"1234")),
    "uint8 stored as double": HEADER + _matrix(9, (1, 1), _element(9, bytes(8))),
    "2**31 cells": HEADER + _matrix(1, (2**31 - 1, 1), b""),
    "cells in cells": HEADER + _matrix(1, (1, 1), _matrix(1, (2**31 - 1, 1), b"")),
    "an element beyond the end": HEADER + struct.pack("<II", 14, 2**32 - 1),
    "a short element of nine bytes": HEADER + struct.pack("<HHI", 14, 9, 0) + bytes(16),
    "compressed garbage": HEADER + struct.pack("<II", 15, 4) + b"oops",
    "compressed, cut": HEADER + struct.pack("<II", 15, 9) + zlib.compress(bytes(1000))[:9],
    "compressed in compressed": HEADER + _compressed(_compressed(bytes(16))),
    "text of two rows": HEADER + _matrix(4, (2, 1), _element(2, b"ab")),
    "text of unknown encoding": HEADER + _matrix(4, (1, 1), _element(99, b"a")),
    "something else": HEADER + _element(3, b"1234"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses(data: bytes) -> None:
    with pytest.raises(
        DataError, match=r"^x\.mat: damaged or no CIFAR-10 batch: .*; copy or fetch it again$"
    ):
        read_matlab(data, "x.mat", WANTED)


def test_refuses_what_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matlab, "LARGEST", 10_000)
    part = _compressed(_matrix(9, (4000, 1), _element(2, bytes(4000)), "other"))
    assert read_matlab(HEADER + part * 2, "x.mat", WANTED) == {}
    with pytest.raises(DataError, match="unpacks to more"):
        read_matlab(HEADER + part * 3, "x.mat", WANTED)


def test_other_kinds_are_passed_over() -> None:
    sparse = _matrix(5, (1, 1), _element(9, bytes(8)))
    complex_one = _matrix(6 | matlab.COMPLEX, (1, 1), _element(9, bytes(8)))
    assert (
        read_matlab(HEADER + sparse, "x", WANTED)
        == read_matlab(HEADER + complex_one, "x", WANTED)
        == {"data": None}
    )


GOOD = HEADER + _matrix(9, (2, 2), _element(2, b"1234"))


@given(
    st.lists(st.tuples(st.integers(100, len(GOOD) - 1), st.integers(0, 3), st.binary(max_size=3)), min_size=1)
)
def test_random_mutations_raise_nothing_else(edits: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(GOOD)
    for place, length, replacement in edits:
        data[place : place + length] = replacement
    with contextlib.suppress(DataError):
        read_matlab(bytes(data), "mutant", WANTED)
