"""Arrays in files of anybody's: read whole, or refused in a line."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.errors import DataError
from chainrule.report import array_files
from chainrule.report.array_files import read_arrays


def test_arrays_of_numbers_are_read_by_name(tmp_path):
    np.savez(
        tmp_path / "a.npz", W=np.eye(3), names=np.array(["x"]), none=np.zeros((0, 3)), t=np.zeros((2, 2, 2))
    )
    assert {name: own.shape for name, own in read_arrays(tmp_path / "a.npz").items()} == {
        "W": (3, 3),
        "t": (2, 2, 2),
    }
    np.save(tmp_path / "W.npy", np.arange(4))
    assert read_arrays(tmp_path / "W.npy")["W"].tolist() == [0, 1, 2, 3]


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
    refused("a.csv", b"1,2", "is no .npz or .npy file")
    monkeypatch.setattr(array_files, "MOST", 0)
    refused("a.npz", (tmp_path / "texts.npz").read_bytes(), "1 arrays, more than 0")
