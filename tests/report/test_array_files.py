"""Arrays in files of anybody's: read whole, or refused in a line."""

from __future__ import annotations

import io

import numpy as np
import pytest
import scipy.io

from chainrule.errors import DataError
from chainrule.report import array_files
from chainrule.report.array_files import of_numbers, read_arrays


def test_arrays_of_numbers_are_read_by_name(tmp_path):
    np.savez(
        tmp_path / "a.npz", W=np.eye(3), names=np.array(["x"]), none=np.zeros((0, 3)), t=np.zeros((2, 2, 2))
    )
    assert {name: own.shape for name, own in of_numbers(read_arrays(tmp_path / "a.npz")).items()} == {
        "W": (3, 3),
        "t": (2, 2, 2),
    }
    np.save(tmp_path / "W.npy", np.arange(4))
    assert read_arrays(tmp_path / "W.npy")["W"].tolist() == [0, 1, 2, 3]


def read(path, data):
    path.write_bytes(data)
    return {name: own.tolist() for name, own in read_arrays(path).items()}


def test_what_other_programs_write_is_read(tmp_path):
    W = [[1.0, 2.0], [3.0, 4.5]]
    for name, text in [
        ("W.csv", "a,b\n1,2\n3,4.5\n"), ("W.csv", "# a b\n1;2\n3;4,5\n"), ("W.txt", "1 2\n 3  4.5\n"),
        ("W.tsv", "1\t2\n3\t4.5\n"), ("W.json", "[[1, 2], [3, 4.5]]"),
    ]:  # fmt: skip
        assert read(tmp_path / name, text.encode()) == {"W": W}
    nested = b'{"params": {"W1": [[1, 2], [3, 4.5]], "names": ["a"]}, "b": [0]}'
    assert read(tmp_path / "net.json", nested) == {"params.W1": W, "b": [0]}
    file = io.BytesIO()
    scipy.io.savemat(file, {"W": np.array(W), "told": "text"})
    assert read(tmp_path / "net.mat", file.getvalue()) == {"W": W}


def test_what_cannot_be_read_is_refused_in_a_line(tmp_path, monkeypatch):
    def refused(name, data, said):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DataError, match=said) as caught:
            read_arrays(tmp_path / name)
        assert "\n" not in str(caught.value)

    np.savez(tmp_path / "texts.npz", names=np.array(["x"]))
    np.save(tmp_path / "objects.npy", np.array([{}], dtype=object))
    np.save(tmp_path / "whole.npy", np.zeros(9))
    whole = (tmp_path / "whole.npy").read_bytes()
    refused("a.npz", (tmp_path / "texts.npz").read_bytes(), "holds no array of numbers")
    refused("a.npy", (tmp_path / "objects.npy").read_bytes(), "or holds objec")
    refused("a.npy", whole[:-8], "another size than it says")
    refused("a.npz", b"no archive", "cannot be read as npz")
    refused("a.csv", b"1,2\n3\n", "cannot be read as csv")
    refused("a.txt", b"", "holds no array of numbers")
    refused("a.json", b'{"W": [[1], [2, 3]], "names": ["x"]}', "holds no array of numbers")
    refused("a.mat", b"MATLAB 7.3", "it is no MATLAB file of version 5 to 7")
    refused("a.onnx", b"", "is no .npz, .npy, .mat, .json, .csv, .tsv, .txt file; write it as one of these")
    refused("a.pkl", b"", r"to read a pickle may run code; where it was made: numpy.savez\('net.npz', W=W\)")
    monkeypatch.setattr(array_files, "MOST", 0)
    refused("a.npz", (tmp_path / "texts.npz").read_bytes(), "1 arrays, more than 0")
