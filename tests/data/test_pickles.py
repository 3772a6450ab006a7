"""Batches are read as NumPy would read them, and nothing in a hostile file runs, blows up or stays behind."""

from __future__ import annotations

import builtins
import contextlib
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.data import pickles
from chainrule.data.pickles import read_pickle
from chainrule.errors import DataError
from support.archives import array, arrays, batch, integer, listed, mapping, text

IMAGES, LABELS = arrays(3)
GOOD = batch(IMAGES, LABELS)


def _refusal(data: bytes) -> str:
    with pytest.raises(DataError) as caught:
        read_pickle(data, "data_batch_1")
    message = str(caught.value)
    assert message.startswith("data_batch_1: ")
    assert message.isprintable()
    assert len(message) < 250
    return message


def test_reads_python_2_batches_as_numpy_does() -> None:
    record = read_pickle(GOOD, "batch")
    peer = pickle.loads(GOOD, encoding="bytes")
    assert np.array_equal(record["data"], peer[b"data"])  # type: ignore[arg-type]
    assert record["labels"] == peer[b"labels"]
    assert record["filenames"] == peer[b"filenames"]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("writable", [True, False])
def test_reads_batches_pickled_again(protocol: int, writable: bool) -> None:
    images = IMAGES.copy()
    images.flags.writeable = writable
    again = pickle.dumps({"data": images, "labels": LABELS.tolist(), b"other": None}, protocol)
    record = read_pickle(again, "batch")
    assert np.array_equal(record["data"], IMAGES)  # type: ignore[arg-type]
    assert record["labels"] == LABELS.tolist()
    assert record["other"] is None


@pytest.mark.parametrize("protocol", [2, 5])
@pytest.mark.parametrize("array", [IMAGES.astype(np.uint16), np.array([None]), np.asfortranarray(IMAGES)])
def test_refuses_other_arrays_pickled_again(protocol: int, array: Any) -> None:
    _refusal(pickle.dumps({"data": array}, protocol))


class _Runs:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    ("function", "asked"),
    [(os.system, f"{os.name}.system"), (builtins.eval, ".eval"), (np.load, "numpy.load")],
)
def test_runs_nothing(function: Any, asked: str, protocol: int, tmp_path: Path) -> None:
    argument = (
        f"touch {tmp_path / 'ran'}" if function is os.system else f"open({str(tmp_path / 'ran')!r}, 'w')"
    )
    message = _refusal(pickle.dumps({"data": _Runs(function, argument)}, protocol))
    if protocol > 1:
        assert asked.removeprefix("numpy") in message
        assert "refused, nothing was run" in message
    assert not list(tmp_path.iterdir())


RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n"
NDARRAY, DTYPE = b"cnumpy\nndarray\n", b"cnumpy\ndtype\n"
ONE = np.ones((1, 4), np.uint8)


def _reduced(function: bytes, arguments: bytes) -> bytes:
    return b"\x80\x02" + function + arguments + b"R."


HOSTILE = {
    "os.system by name": b"\x80\x02cos\nsystem\n" + text("true") + b"\x85R.",
    "posix.system by stack": b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.",
    "INST": b"(" + text("true") + b"ios\nsystem\n.",
    "OBJ": b"\x80\x02(" + NDARRAY + b"o.",
    "NEWOBJ": b"\x80\x02" + NDARRAY + b")\x81.",
    "NEWOBJ_EX": b"\x80\x04" + NDARRAY + b")}\x92.",
    "persistent identifier": b"Pfile\n.",
    "persistent object": b"\x80\x02K\x01Q.",
    "extension registry": b"\x80\x02\x82\x01.",
    "outside buffer": b"\x80\x05\x97.",
    "bytearray of 2**60 bytes": b"\x80\x05\x96" + (2**60).to_bytes(8, "little") + b".",
    "bytes of 2**40": b"\x80\x04\x8e" + (2**40).to_bytes(8, "little") + b".",
    "frame of 2**60": b"\x80\x04\x95" + (2**60).to_bytes(8, "little") + b"}.",
    "memo bomb": b"\x80\x02}r" + (2**31 - 1).to_bytes(4, "little") + b".",
    "a name inside of a name": b"\x80\x04\x8c\x05numpy\x8c\x0edtype.__init__\x93.",
    "terminal codes": b"\x80\x04\x8c\x05\x1b[2J\n\x8c\x03\x07\n\n\x93.",
    "reconstructs a dtype": _reduced(RECONSTRUCT, b"(" + DTYPE + b"K\x00\x85U\x01bt"),
    "reconstructs a string": _reduced(RECONSTRUCT, b"(U\x01aK\x00\x85U\x01bt"),
    "calls ndarray": _reduced(NDARRAY, b"J\xff\xff\xff\x7f\x85\x85"),
    "calls a number": b"\x80\x02K\x01)R.",
    "object dtype": mapping({"data": array(ONE, "O8")}),
    "float dtype": mapping({"data": array(ONE, "f4")}),
    "huge shape": mapping({"data": array(ONE, shape=(2**31 - 1, 2**31 - 1))}),
    "other shape": mapping({"data": array(ONE, shape=(1, 3))}),
    "three axes": mapping({"data": array(ONE[None])}),
    "Fortran order": mapping({"data": array(ONE, fortran=b"\x88")}),
    "array never built": mapping({"data": RECONSTRUCT + b"(" + NDARRAY + b"K\x00\x85U\x01btR"}),
    "list for array": mapping({"data": array(ONE)[:-4] + b"]tb"}),
    "state set on a stand-in": b"\x80\x02" + DTYPE + b"}U\x08__call__K\x01sb.",
    "attributes set on a stand-in": b"\x80\x02" + DTYPE + b"N}U\x08__call__K\x01s\x86b.",
    "attributes set on another": b"\x80\x02" + NDARRAY + b"N}U\x09__class__K\x01s\x86b.",
    "state set on a list": b"\x80\x02]}U\x01aK\x01sb.",
    "a list": b"\x80\x02].",
    "a number as key": b"\x80\x02}K\x01K\x02s.",
    "a list as key": b"\x80\x02}]K\x02s.",
    "tuples without end": b"\x80\x02}" + b")" + b"\x85" * 1_000_000 + b"K\x01s.",
    "tuples that double": b"\x80\x02})" + b"q\x00h\x00\x86" * 60 + b"K\x01s.",
    "many parts": b"\x80\x02" + listed([b"N"] * (pickles.MOST_OPCODES + 1)) + b".",
    "bytes after the end": GOOD + b"x",
    "empty": b"",
    "text": b"hello",
    "stop alone": b".",
    "pops too much": b"\x80\x02R.",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses(data: bytes) -> None:
    _refusal(data)


def test_nothing_stays_behind() -> None:
    for data in HOSTILE.values():
        with pytest.raises(DataError):
            read_pickle(data, "hostile")
    assert np.array_equal(read_pickle(GOOD, "good")["data"], IMAGES)  # type: ignore[arg-type]


def test_refuses_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickles, "LARGEST", len(GOOD) - 1)
    assert "larger than any" in _refusal(GOOD)


def test_every_cut_is_refused() -> None:
    data = mapping({"labels": listed([integer(7)]), "data": array(ONE)})
    read_pickle(data, "whole")
    for length in range(len(data)):
        _refusal(data[:length])


def _reads_or_refuses(data: bytes) -> None:
    with contextlib.suppress(DataError):
        assert isinstance(read_pickle(data, "mutant"), dict)


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_else(data: bytes) -> None:
    _reads_or_refuses(data)


SMALL = mapping(
    {"labels": listed([integer(7), integer(3)]), "data": array(ONE), "names": listed([text("a")])}
)


@settings(max_examples=500)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 3), st.binary(max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_random_mutations_raise_nothing_else(edits: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(SMALL)
    for place, length, replacement in edits:
        data[place : place + length] = replacement
    _reads_or_refuses(bytes(data))
