"""Arrays beside a document: equal ones are equal files, and what is damaged is no traceback."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import tensors
from chainrule.errors import StoreError

ARRAYS = {"b": np.arange(3.0), "a": np.arange(4, dtype=np.float32).reshape(2, 2)}
CONTENT = tensors.to_bytes({"of": "nothing", "list": [1, None, "é"]}, ARRAYS)


def read(path):
    return tensors.read(path, 10_000, StoreError, "save it again")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file.net"
    path.write_bytes(CONTENT)
    return path


def test_what_is_written_is_read(file):
    document, arrays = read(file)
    assert document == {"of": "nothing", "list": [1, None, "é"]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)


def test_another_reader_of_the_format_reads_it(file):
    from safetensors import safe_open

    with safe_open(file, "numpy") as opened:
        assert json.loads(opened.metadata()["chainrule"])["of"] == "nothing"
        np.testing.assert_array_equal(opened.get_tensor("a"), ARRAYS["a"])


@given(at=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
def test_no_changed_bit_passes(tmp_path_factory, at, bit):
    changed = bytearray(CONTENT)
    changed[at] ^= 1 << bit
    path = tmp_path_factory.mktemp("changed") / "file.net"
    path.write_bytes(changed)
    try:
        document, arrays = read(path)
    except StoreError:
        return
    # What pads the header may differ, or the name of the checksum, which leaves a key that no reader knows.
    assert document == {"of": "nothing", "list": [1, None, "é"]} or len(document) == 3
    assert all((arrays[name] == ARRAYS[name]).all() for name in ARRAYS)


@pytest.mark.parametrize("length", [0, 7, 8, 100, len(CONTENT) - 1])
def test_a_file_cut_short_is_refused(file, length):
    file.write_bytes(CONTENT[:length])
    with pytest.raises(StoreError, match="damaged, or no file of tensors"):
        read(file)


def test_arrays_without_a_document_are_refused(file):
    from safetensors.numpy import save

    for metadata in (None, {"format": "np"}, {"chainrule": "[]"}):
        file.write_bytes(save(ARRAYS, metadata))
        with pytest.raises(StoreError, match="does not say what they are"):
            read(file)
    file.write_bytes(save(ARRAYS, {"chainrule": "[" * 5_000}))
    with pytest.raises(StoreError, match="nested too deeply"):
        read(file)


def test_a_large_file_is_not_read(file):
    file.write_bytes(bytes(10_001))
    with pytest.raises(StoreError, match="has more than 10000 bytes"):
        read(file)
