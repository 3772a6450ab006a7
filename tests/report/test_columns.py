"""Histories that anybody may have written: what is too much, or too odd, is refused before it takes time or memory."""

from __future__ import annotations

import io
import json
import math
import zipfile

import numpy as np
import pytest
import scipy.io

from chainrule.errors import DataError
from chainrule.report import array_files, columns
from chainrule.report.columns import read_columns


def read(tmp_path, name: str, data: bytes):
    path = tmp_path / name
    path.write_bytes(data)
    return read_columns(path)


def refusal(tmp_path, name: str, data: bytes) -> str:
    with pytest.raises(DataError) as caught:
        read(tmp_path, name, data)
    (line,) = caught.value.problems
    assert "\n" not in line
    return line


def npy(header: bytes, content: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


def npz(member: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("loss.npy", member)
    return file.getvalue()


def header(shape: str, descr: str = "'<f8'") -> bytes:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()


@pytest.mark.parametrize(
    "member",
    [
        npy(header("(10**18,)".replace("10**18", str(10**18)))), npy(header("(1000000000, 0)"), b"1"),
        npy(header("(3,)", "'|O'"), b"x" * 24), npy(header("(3,)"), b"x" * 23), npy(header("(3,)"), b"x" * 25),
        npy(header("(-3,)"), b"x" * 24), npy(b"__import__('os')"), npy(b"[" * 900), b"", b"\x93NUMPY",
        npy(header("(0,)", "'<U1000000000'"), b"1"), npy(header("(20001, 0)")),
    ],
)  # fmt: skip
def test_arrays_that_claim_what_they_are_not_are_refused(tmp_path, member):
    assert "cannot be read as npz" in refusal(tmp_path, "h.npz", npz(member))


def test_archives_that_unpack_to_too_much_are_refused(tmp_path, monkeypatch):
    whole = npz(npy(header("(3,)"), np.arange(3.0).tobytes()))
    assert [list(run) for run in read(tmp_path, "h.npz", whole)] == [["loss"]]
    monkeypatch.setattr(array_files, "LARGEST_UNPACKED", 50)
    assert "unpacks to more than 50 bytes" in refusal(tmp_path, "h.npz", whole)


def test_archives_that_are_packed_as_no_array_is_are_refused(tmp_path):
    member = npy(header("(3,)"), np.arange(3.0).tobytes())
    assert "packed as no array is" in refusal(tmp_path, "h.npz", npz(member, zipfile.ZIP_LZMA))
    encrypted = bytearray(npz(member))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert "packed as no array is" in refusal(tmp_path, "h.npz", bytes(encrypted))


def test_files_that_are_too_large_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "LARGEST", 10)
    assert "has more than 10 bytes" in refusal(tmp_path, "h.csv", b"epoch,loss\n1,2\n")


@pytest.mark.parametrize(("limit", "said"), [("MOST_COLUMNS", "columns"), ("MOST_CELLS", "cells")])
def test_tables_of_too_much_are_refused(tmp_path, monkeypatch, limit, said):
    table = b"epoch,loss,seed\n" + b"".join(b"1,2,%d\n" % seed for seed in range(20))
    assert len(read(tmp_path, "h.csv", table)) == 20
    monkeypatch.setattr(columns, limit, 40)
    assert said in refusal(tmp_path, "h.csv", table)


def test_logs_of_few_entries_and_very_many_names_are_refused(tmp_path, monkeypatch):
    log = json.dumps([{f"loss {entry}": 1.0} for entry in range(50)]).encode()
    assert len(read(tmp_path, "h.json", log)[0]) == 50
    monkeypatch.setattr(columns, "MOST_CELLS", 1000)
    assert "cells" in refusal(tmp_path, "h.json", log)


@pytest.mark.parametrize(
    "values", ["[1, 2, [3]]", "[[1], [2, 3], 4]", '[{"a": 1}, "x", true]', "[" + "9" * 400 + "]", "[1e400]"]
)
def test_entries_that_are_no_numbers_are_infinite_and_what_is_not_there_is_not_a_number(tmp_path, values):
    (run,) = read(tmp_path, "h.json", f'{{"loss": {values}, "acc": [null, 1]}}'.encode())
    assert np.isinf(run["loss"]).any()
    assert math.isnan(run["acc"][0])
    assert run["acc"][1] == 1


def test_ragged_lists_are_runs_of_different_length(tmp_path):
    runs = read(tmp_path, "h.json", b'{"loss": [[1], [2, 3], []]}')
    assert [run["loss"].tolist() for run in runs] == [[1], [2, 3], []]


def test_brackets_without_end_and_a_name_twice_are_refused(tmp_path):
    assert "nested too deeply" in refusal(tmp_path, "h.json", b"[" * 1_000_000)
    assert "'loss' stands twice" in refusal(tmp_path, "h.json", b'{"loss": [1], "loss": [2]}')


def test_a_row_or_a_column_of_matlab_is_a_curve(tmp_path):
    file = io.BytesIO()
    scipy.io.savemat(file, {"loss": np.array([[3.0], [2.0]]), "val_loss": np.array([4.0, 5.0])})
    (run,) = read(tmp_path, "h.mat", file.getvalue())
    assert {name: column.tolist() for name, column in run.items()} == {"loss": [3, 2], "val_loss": [4, 5]}


def test_a_pickle_is_refused_with_what_to_write_in_its_place(tmp_path):
    assert "where it was made: json.dump(history, open('history.json', 'w'))" in refusal(
        tmp_path, "h.pkl", b""
    )
