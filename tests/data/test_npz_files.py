"""Columns of NPZ files, part by part, in whichever order their values lie."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from chainrule.data import npz_files
from chainrule.data.npz_files import of_npz

X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)


def archive(saved=np.savez, **arrays):
    file = io.BytesIO()
    saved(file, **arrays)
    file.seek(0)
    return file


@pytest.mark.parametrize("at_once", [1, 100, 10**6])
@pytest.mark.parametrize("saved", [np.savez, np.savez_compressed])
def test_columns_are_those_of_the_array(saved, at_once, monkeypatch):
    monkeypatch.setattr(npz_files, "_AT_ONCE", at_once)
    names, columns = of_npz(archive(saved, X=X, F=np.asfortranarray(X), y=np.arange(50)), 10**6)
    assert names == ["X0", "X1", "X2", "F0", "F1", "F2", "y"]
    for number in range(6):
        values = np.asarray(columns[number])
        assert values.dtype == np.float32
        np.testing.assert_array_equal(values, X[:, number % 3])
    assert np.asarray(columns[6]).tolist() == [*range(50)]


def test_what_is_damaged_or_no_column_is_refused():
    data = bytearray(archive(X=X).getvalue())
    data[300] ^= 1
    with pytest.raises(zipfile.BadZipFile, match="CRC"):
        of_npz(io.BytesIO(data), 10**6)
    with pytest.raises(ValueError, match="has shape"):
        of_npz(archive(X=np.zeros((2, 2, 2))), 10**6)
